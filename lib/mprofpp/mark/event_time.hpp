#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "mprofpp/base/instant.hpp"

namespace mprofpp::mark {

/// Converts CLOCK_MONOTONIC nanoseconds, which processes write, to the recording's time. The two clocks
/// drift apart when the machine sleeps.
class EventTime {
 public:
  using Steady = std::chrono::steady_clock;

  /// Takes the readings of both clocks at the start of the recording.
  EventTime(Instant start, Steady::time_point steady) : start_(start) { update(start, steady); }

  /// Takes new readings of both clocks. Call it before converting the times of newly read records, which
  /// lie before these readings.
  void update(Instant now, Steady::time_point steady) {
    const Instant at_zero = now - steady.time_since_epoch();
    const Duration moved = at_zero - now_.at_zero;
    before_ = now_;
    now_ = {steady.time_since_epoch(), moved > noise || moved < -noise ? at_zero : now_.at_zero};
  }

  /// Returns the recording's time of an event. Whatever the number is, the result lies neither before the
  /// start of the recording nor in the future.
  Instant of(std::uint64_t nanoseconds) const {
    const auto latest = static_cast<std::uint64_t>(now_.steady.count());
    const Duration steady(static_cast<std::int64_t>(std::min(nanoseconds, latest)));
    const Epoch& epoch = steady <= before_.steady ? before_ : now_;
    return std::max(start_, epoch.at_zero + steady);
  }

 private:
  /// The clocks are read one after the other, so their distance varies a little. A sleep lasts longer.
  static constexpr Duration noise = std::chrono::milliseconds(1);

  /// A period in which the two clocks keep their distance.
  struct Epoch {
    Duration steady{};  ///< the end of the period on the steady clock
    Instant at_zero;    ///< the recording's time at which the steady clock showed zero
  };

  Instant start_;
  Epoch before_;
  Epoch now_;
};

}  // namespace mprofpp::mark
