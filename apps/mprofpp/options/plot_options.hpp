#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <CLI/App.hpp>

#include "mprofpp/base/result.hpp"
#include "mprofpp/chart/build.hpp"
#include "mprofpp/model/metric.hpp"
#include "mprofpp/render/picture.hpp"
#include "mprofpp/render/terminal/terminal.hpp"
#include "mprofpp/report/time_window.hpp"

namespace mprofpp::app {

/// The recordings that `plot` draws, and how it draws them.
struct PlotRequest {
  std::vector<std::string> files;   ///< names or indices; empty means the newest recording
  std::vector<std::string> labels;  ///< names on the chart, in the order of `files`
  std::optional<std::size_t> run;   ///< the number of the run, from 1; by default the last
  std::string output;               ///< "-" is stdout; empty means a name like the recording's
  std::optional<render::PictureFormat> format;  ///< by default that of the output's suffix
  bool is_page = false;                         ///< an HTML page to explore, not a picture
  std::optional<report::TimeWindow> window;
  /// The metric of the curves, by default that of the MEM lines. Several metrics are in `chart`.
  std::optional<model::Metric> metric;
  bool leak = false;  ///< judge each recording, and draw what decides
  render::PictureLook look;
  /// Print a chart of text. The size of it that was asked for is 0 if there is none.
  enum class Terminal { if_stdout_is_one, always } terminal = Terminal::if_stdout_is_one;
  int columns = 0;
  int rows = 0;
  std::optional<render::Letters> letters;  ///< by default those of the locale
  chart::ChartOptions chart;
  enum class Clock { none, local, utc } clock = Clock::none;
};

/// The options of `plot`.
class PlotOptions {
 public:
  void bind(CLI::App& app);

  /// Checks the values and converts them. Errors: invalid_argument.
  Result<PlotRequest> make() const;

 private:
  void bind_picture(CLI::App& app);
  void bind_terminal(CLI::App& app);
  void bind_contents(CLI::App& app);
  /// Returns the meaning of colours: the value of --color-by, or an old value of --color.
  std::string meaning() const;
  Result<void> check_combinations() const;
  bool is_page() const;
  Result<void> check_page() const;
  Result<void> check_views() const;
  Result<void> check_metrics() const;
  Result<void> check_terminal() const;
  Result<void> convert_sizes(PlotRequest& request) const;
  chart::ChartOptions chart() const;
  Result<void> convert_names(PlotRequest& request) const;
  Result<void> convert_metrics(PlotRequest& request) const;
  Result<void> convert_format(PlotRequest& request) const;
  Result<void> convert_numbers(PlotRequest& request) const;

  std::vector<std::string> files_, labels_;
  std::string output_, title_, size_, dpi_, window_, run_, format_;
  std::string backend_;  // ignored
  std::optional<std::string> theme_;
  std::string color_;     // when there are colours, or what --color-by has
  std::string color_by_;  // empty: the chart chooses
  bool is_terminal_ = false;
  bool is_ascii_ = false;
  bool flame_ = false;
  std::string metric_, limit_;
  std::string stack_;  // the metrics; empty stacks the processes
  bool is_stack_ = false;
  bool panels_ = false;
  bool no_calls_ = false;
  bool slope_ = false;
  bool leak_ = false;
  bool clock_ = false;
  bool utc_ = false;
};

/// Returns `look` with the width and height of a text such as "1600x900". Errors: invalid_argument.
Result<render::PictureLook> with_size(render::PictureLook look, const std::string& text);

/// The size of a chart of text.
struct TextSize {
  int columns = 0;
  int rows = 0;
};

/// Returns the size of a text such as "100x30". Errors: invalid_argument.
Result<TextSize> text_size(const std::string& text);

/// Returns `look` with that number of pixels per inch. Errors: invalid_argument unless it is from 20 to
/// 1200.
Result<render::PictureLook> with_dpi(render::PictureLook look, const std::string& text);

}  // namespace mprofpp::app
