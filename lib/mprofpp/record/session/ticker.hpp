#pragma once

#include <chrono>
#include <cstdint>

#include "mprofpp/base/instant.hpp"

namespace mprofpp::record {

/// Schedules the ticks at start + n × interval, independent of how long the work between them takes, so
/// that the recording does not drift. Missed ticks are skipped and counted, not made up for.
class Ticker {
 public:
  using Time = std::chrono::steady_clock::time_point;

  Ticker(Time start, Duration interval) : due_(start), interval_(interval) {}

  Time due() const { return due_; }
  Time next_due() const { return due_ + interval_; }

  /// Makes the latest tick before `now` the one that is due. The ticks before it do not count as missed,
  /// because the recorder was stopped.
  void skip_to(Time now);

  /// Takes effect with the next advance().
  void set_interval(Duration interval) { interval_ = interval; }

  /// Moves on from the tick that was due to the next one after `now`. Returns how many ticks in between
  /// were missed.
  std::uint64_t advance(Time now);

 private:
  Time due_;
  Duration interval_;
};

}  // namespace mprofpp::record
