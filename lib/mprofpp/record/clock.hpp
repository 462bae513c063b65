#pragma once

#include <chrono>

#include "mprofpp/base/instant.hpp"

namespace mprofpp::record {

/// Returns the time since the machine was booted, including the time it was asleep.
Duration time_since_boot();

/// The clock of the recording. It reads the wall clock once, at the start, and adds the time that the
/// boot clock has counted since. Setting the wall clock meanwhile therefore does not distort the curves,
/// and after a suspend of the machine the times still match the time of day.
class Clock {
 public:
  using Steady = std::chrono::steady_clock;  ///< stops while the machine sleeps

  Instant now() const { return wall_start_ + (time_since_boot() - boot_start_); }
  Instant start() const { return wall_start_; }
  Steady::time_point steady_start() const { return steady_start_; }

 private:
  Instant wall_start_ = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  Duration boot_start_ = time_since_boot();
  Steady::time_point steady_start_ = Steady::now();
};

/// Detects that the machine has slept: the boot clock went on and the steady clock did not.
class SleepWatch {
 public:
  /// Three clock readings, taken one after another.
  struct Clocks {
    Duration steady_before;
    Duration since_boot;
    Duration steady_after;
  };
  static Clocks read();

  explicit SleepWatch(const Clocks& start) : most_ahead_(start.since_boot - start.steady_before) {}

  /// Returns how long the machine has slept since the last call. A busy machine never counts as asleep,
  /// however much time passes between the three readings.
  Duration slept(const Clocks& now);

 private:
  Duration most_ahead_;  ///< an upper bound of how far the boot clock is ahead of the steady clock
};

}  // namespace mprofpp::record
