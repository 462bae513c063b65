#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "mprofpp/analysis/history.hpp"
#include "mprofpp/chart/figure.hpp"
#include "mprofpp/leak/report.hpp"

namespace mprofpp::chart {

/// A recording that is drawn on a chart.
struct Source {
  analysis::History history;
  std::string label;  ///< its name next to other recordings; not used for a single one
  /// Its judgement in the metric of the history, to be drawn on the curve that decides. Not for View::stack
  /// and View::panels.
  std::optional<leak::LeakReport> leak = {};
};

enum class View { lines, stack, panels };
enum class Calls {
  shown,
  hidden,
  strips  ///< shown as strips below the chart, and not as brackets on the curves
};
enum class Slope { none, line };
enum class Lanes { none, flame };

/// The options of a chart: its content, and how much of it.
struct ChartOptions {
  std::string title = {};  ///< empty: the recording's command
  View view = View::lines;
  /// Layers of View::stack, or curves of View::lines, in these metrics of the total instead of the processes;
  /// empty for the processes. The source must have them (History::metrics).
  std::vector<model::Metric> total_metrics = {};
  std::optional<double> limit_mib = {};  ///< a line at this height
  Calls calls = Calls::shown;
  Slope slope = Slope::none;
  Lanes lanes = Lanes::none;
  /// The meaning of the colours of calls; growth is for boxes only. By default it is their process if several
  /// processes have a curve, else their function.
  std::optional<BoxColour> box_colour = {};
  TimeAxis::Kind time = TimeAxis::Kind::elapsed;
  std::function<std::chrono::seconds(Instant)> ahead_of_utc = {};
  std::string clock_name = "UTC";

  std::size_t max_series = 10;       ///< named processes; the others become one band
  std::size_t max_panels = 60;       ///< small charts
  std::size_t max_functions = 10;    ///< functions with a row in the legend, and perhaps a colour
  std::size_t bracket_places = 100;  ///< along the time axis; the longest calls get them
  std::size_t max_tracks = 40;       ///< of lanes: one of each process first, then the busiest
};

/// Builds the figure of one recording, or of several drawn over each other. Each source must have samples
/// (History::has_samples). With several recordings, processes are not named and calls are not drawn.
Figure build(const std::vector<Source>& sources, const ChartOptions& options);

}  // namespace mprofpp::chart
