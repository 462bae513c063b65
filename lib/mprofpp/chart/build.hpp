#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "mprofpp/analysis/history.hpp"
#include "mprofpp/chart/figure.hpp"

namespace mprofpp::chart {

/// A recording on a chart.
struct Source {
  analysis::History history;
  std::string label;  ///< its name beside others; not used if it is alone
};

enum class View { lines, stack };
enum class Calls { shown, hidden };
enum class Slope { none, line };
enum class Lanes { none, flame };

/// What is to be seen, and how much of it can be.
struct Wanted {
  std::string title = {};  ///< empty: the recording's command
  View view = View::lines;
  Calls calls = Calls::shown;
  Slope slope = Slope::none;
  Lanes lanes = Lanes::none;
  BoxColour box_colour = BoxColour::function;
  TimeAxis::Kind time = TimeAxis::Kind::elapsed;
  std::function<std::chrono::seconds(Instant)> ahead_of_utc = {};
  std::string clock_name = "UTC";

  std::size_t max_series = 10;       ///< named processes; the others become one band
  std::size_t max_functions = 10;    ///< functions with a colour and a row of the legend
  std::size_t bracket_places = 100;  ///< beside one another; the longest calls get them
  std::size_t max_lanes = 40;        ///< the busiest
};

/// Builds the figure of one recording, or of several laid over one another. Each source must have
/// samples (History::has_samples); of several, processes have no names and calls are not drawn.
Figure build(const std::vector<Source>& sources, const Wanted& wanted);

}  // namespace mprofpp::chart
