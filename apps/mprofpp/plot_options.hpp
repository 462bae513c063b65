#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mprofpp/chart/build.hpp"
#include "picture.hpp"

namespace mprofpp::app {

/// A stretch of time, counted from the recording's start.
struct PlotWindow {
  Duration from = Duration::zero();
  std::optional<Duration> to;  ///< nothing: to the end
};

/// What `plot` is to draw, and how.
struct PlotOptions {
  std::vector<std::string> files;   ///< names or indices; empty: the newest recording
  std::vector<std::string> labels;  ///< names on the chart, in the order of the files
  std::string output;               ///< empty: named after the recording
  std::optional<PlotWindow> window;
  PictureLook look;
  chart::Wanted wanted;
  enum class Clock { none, local, utc } clock = Clock::none;
};

/// "A,B", either of which may be left out: "1m30s,2m", "10,", ",5". The wrong order is put right,
/// as mprof does. Errors: invalid_argument.
Result<PlotWindow> parse_window(const std::string& text);

/// "1600x900" into look.width and look.height. Errors: invalid_argument.
Result<PictureLook> with_size(PictureLook look, const std::string& text);

/// Errors: invalid_argument unless a sensible number.
Result<PictureLook> with_dpi(PictureLook look, const std::string& text);

}  // namespace mprofpp::app
