#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "mprofpp/base/instant.hpp"

namespace mprofpp::chart {

struct Range {
  double low = 0;
  double high = 0;

  double length() const { return high - low; }
  bool contains(double value) const { return value >= low && value <= high; }
  friend bool operator==(const Range&, const Range&) = default;
};

/// A value on an axis with its text.
struct Tick {
  double value = 0;
  std::string text;

  friend bool operator==(const Tick&, const Tick&) = default;
};

/// How time is shown. Seconds on the axis count from `start`.
struct TimeAxis {
  enum class Kind { elapsed, clock };

  Kind kind = Kind::elapsed;
  Instant start;
  /// Returns how far local time is ahead of UTC at an instant; the axis shows UTC if it is empty. The caller
  /// asks the system, because a chart must not.
  std::function<std::chrono::seconds(Instant)> ahead_of_utc;
};

/// Returns round values of memory within `range` (MiB), about `wanted` of them: "0", "250 MiB". All have the
/// same unit.
std::vector<Tick> memory_ticks(Range range, int wanted);

/// Returns round points in time within `range` (seconds), about `wanted` of them: "1m 30s", "2h", "1d 12h";
/// on a clock axis "12:30", "12:30:05", and the day where a new one begins. A single moment has one tick,
/// rounded to seconds.
std::vector<Tick> time_ticks(Range range, int wanted, const TimeAxis& axis);

/// Returns "1d 12h", "2h 30m", "1m 30s", "1.5s" or "200ms": as short as a tick must be. `precision` is the
/// smallest difference to show, in seconds; above a minute it counts as a minute.
std::string short_duration(double seconds, double precision);

/// Returns "12:30:05" on the clock of the axis, with as many digits as `precision` (seconds) needs.
/// The rest is cut off, as a clock does, and not rounded.
std::string clock_time(double seconds, double precision, const TimeAxis& axis);

/// Returns "20 Nov".
std::string clock_day(double seconds, const TimeAxis& axis);

/// Returns "20 Nov 2026".
std::string clock_date(double seconds, const TimeAxis& axis);

/// Returns "20 Nov 2026", or "20 Nov 2026 – 22 Nov 2026" for a range of several days.
std::string clock_dates(Range range, const TimeAxis& axis);

}  // namespace mprofpp::chart
