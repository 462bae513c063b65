#pragma once

#include <chrono>

#include "mprofpp/base/instant.hpp"

namespace mprofpp::record {

/// Time since the machine was started, that in which it slept included.
Duration time_since_boot();

/// The recording's time: the wall clock is read once, at the start, and the time since boot carries
/// on from there. Somebody who sets the clock meanwhile bends no curve, and after a suspend of the
/// machine times are still those of the day.
class Clock {
 public:
  using Steady = std::chrono::steady_clock;  ///< stands still while the machine sleeps

  Instant now() const { return wall_start_ + (time_since_boot() - boot_start_); }
  Instant start() const { return wall_start_; }
  Steady::time_point steady_start() const { return steady_start_; }

 private:
  Instant wall_start_ = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  Duration boot_start_ = time_since_boot();
  Steady::time_point steady_start_ = Steady::now();
};

/// Notices that the machine has slept: the time since boot went on and the steady clock did not.
class SleepWatch {
 public:
  /// Three readings, one after another.
  struct Clocks {
    Duration steady_before;
    Duration since_boot;
    Duration steady_after;
  };
  static Clocks read();

  explicit SleepWatch(const Clocks& start) : most_ahead_(start.since_boot - start.steady_before) {}

  /// How long the machine has slept since the last call. However much time passes between the three
  /// readings, a busy machine is never taken for one that slept.
  Duration slept(const Clocks& now);

 private:
  Duration most_ahead_;  ///< the time since boot is ahead of the steady clock by no more than this
};

}  // namespace mprofpp::record
