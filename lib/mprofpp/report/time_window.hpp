#pragma once

#include <optional>

#include "mprofpp/analysis/window.hpp"
#include "mprofpp/base/instant.hpp"

namespace mprofpp::report {

/// A time window, counted from the start of the recording.
struct TimeWindow {
  std::optional<Duration> from;  ///< by default the start
  std::optional<Duration> to;    ///< by default the end

  bool is_whole() const { return !from && !to; }
};

/// Returns the window in a recording that started at `start`.
analysis::Window window_from(const TimeWindow& window, Instant start);

}  // namespace mprofpp::report
