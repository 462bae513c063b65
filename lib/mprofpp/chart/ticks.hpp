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

/// A place on an axis with its text.
struct Tick {
  double value = 0;
  std::string text;

  friend bool operator==(const Tick&, const Tick&) = default;
};

/// How time is told. Seconds on the axis count from `start`.
struct TimeAxis {
  enum class Kind { elapsed, clock };

  Kind kind = Kind::elapsed;
  Instant start;
  /// How far local time is ahead of UTC at an instant; UTC if empty. The caller asks the system, a
  /// chart may not.
  std::function<std::chrono::seconds(Instant)> ahead_of_utc;
};

/// Round values of memory within `range` (MiB), about `wanted` of them: "0", "250 MiB", "1.5 GiB".
/// The unit is one for all.
std::vector<Tick> memory_ticks(Range range, int wanted);

/// Round points in time within `range` (seconds), about `wanted` of them: "1m 30s", "2h", "1d 12h";
/// of the clock: "12:30", "12:30:05", and the day where a new one begins.
std::vector<Tick> time_ticks(Range range, int wanted, const TimeAxis& axis);

/// "1d 12h", "2h 30m", "1m 30s", "1.5s", "200ms": as short as a tick must be. `precision` is the
/// smallest difference worth telling, in seconds; a minute where it is more.
std::string short_duration(double seconds, double precision);

/// "12:30:05" on the axis's clock, with as many digits as `precision` (seconds) needs.
std::string clock_time(double seconds, double precision, const TimeAxis& axis);

/// "20 Nov".
std::string clock_day(double seconds, const TimeAxis& axis);

/// "20 Nov 2026".
std::string clock_date(double seconds, const TimeAxis& axis);

}  // namespace mprofpp::chart
