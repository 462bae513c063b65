#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include "mprofpp/analysis/window.hpp"
#include "mprofpp/base/instant.hpp"

namespace mprofpp::analysis {

inline constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

/// Divides time into columns before anything is read. Their number bounds the memory of a fold, whatever
/// the length of the recording.
struct Grid {
  /// The fate of samples outside [begin, end]. `cut`: the user asked for a window, and they are not
  /// shown. `widen`: the range was estimated from the ends of the file, and they widen it.
  enum class Outside { cut, widen };
  /// Whether series fit a straight line to their samples, which takes time for each of them.
  enum class Trends { fitted, none };

  Instant origin;  ///< second 0: the start of the recording
  Instant begin;   ///< start of the shown time
  Instant end;
  std::size_t columns = 2000;
  Outside outside = Outside::widen;
  /// Series start with columns that are so many times narrower. They get wider when there are more than
  /// twice `columns` of them, so a series with fewer samples keeps each, however they are spread.
  std::size_t fineness = 1;
  Trends trends = Trends::fitted;

  /// Returns the seconds since `origin`, the unit of time in folds and charts.
  double seconds(Instant t) const { return to_seconds(t - origin); }
  /// True if a period lies outside the window.
  bool is_cut(Instant from, Instant to) const {
    return outside == Outside::cut && (to < begin || from > end);
  }
  /// True if the whole period is shown.
  bool contains(Instant from, Instant to) const {
    return outside == Outside::widen || (from >= begin && to <= end);
  }
  /// Returns the time that counts: the shown time if the user asked for a window, else all time.
  Window window() const { return outside == Outside::cut ? Window{begin, end} : Window{}; }
  double first() const { return seconds(begin); }
  double last() const { return seconds(end); }
  /// Returns the seconds that a column covers. Never zero, although a recording may have a single sample.
  double width() const {
    return std::max(last() - first(), 1e-6) /
           static_cast<double>(std::max<std::size_t>(columns * fineness, 1));
  }
};

}  // namespace mprofpp::analysis
