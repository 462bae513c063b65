#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include "mprofpp/base/instant.hpp"

namespace mprofpp::analysis {

inline constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

/// The columns that time is divided into before anything is read. What a fold keeps is bounded by
/// their number, whatever the length of the recording.
struct Grid {
  /// What happens to samples outside [begin, end]: a window was asked for and they are not to be
  /// seen, or the range was a guess from the file's ends and they widen it.
  enum class Outside { cut, widen };

  Instant origin;  ///< second 0: where the recording begins
  Instant begin;   ///< of what is to be seen
  Instant end;
  std::size_t columns = 2000;
  Outside outside = Outside::widen;

  /// Seconds since `origin`; folds and charts count in these.
  double seconds(Instant t) const { return to_seconds(t - origin); }
  /// Whether a stretch of time lies outside a window.
  bool is_cut(Instant from, Instant to) const {
    return outside == Outside::cut && (to < begin || from > end);
  }
  /// Whether a stretch of time is to be seen as a whole.
  bool contains(Instant from, Instant to) const {
    return outside == Outside::widen || (from >= begin && to <= end);
  }
  double first() const { return seconds(begin); }
  double last() const { return seconds(end); }
  /// Seconds a column covers; never zero, a recording may have one sample.
  double width() const {
    return std::max(last() - first(), 1e-6) /
           static_cast<double>(std::max<std::size_t>(columns, 1));
  }
};

}  // namespace mprofpp::analysis
