#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "mprofpp/base/instant.hpp"
#include "mprofpp/record/clock.hpp"

namespace mprofpp::record {

/// The recording's time of what processes tell in nanoseconds of CLOCK_MONOTONIC. That clock and
/// the recording's part when the machine sleeps.
class EventTime {
 public:
  /// The recording begins: what the two clocks show then.
  EventTime(Instant start, Clock::Steady::time_point steady) : start_(start) {
    update(start, steady);
  }

  /// What is told from now on was written by then.
  void update(Instant now, Clock::Steady::time_point steady) {
    const Instant at_zero = now - steady.time_since_epoch();
    const Duration moved = at_zero - now_.at_zero;
    before_ = now_;
    now_ = {steady.time_since_epoch(), moved > noise || moved < -noise ? at_zero : now_.at_zero};
  }

  /// Not before the recording, and not in the future, whatever the number.
  Instant of(std::uint64_t nanoseconds) const {
    const auto latest = static_cast<std::uint64_t>(now_.steady.count());
    const Duration steady(static_cast<std::int64_t>(std::min(nanoseconds, latest)));
    const Epoch& epoch = steady <= before_.steady ? before_ : now_;
    return std::max(start_, epoch.at_zero + steady);
  }

 private:
  /// Two readings of two clocks are never taken at once; the machine sleeps for longer.
  static constexpr Duration noise = std::chrono::milliseconds(1);

  struct Epoch {
    Duration steady{};  ///< up to then
    Instant at_zero;    ///< when the steady clock would have begun
  };

  Instant start_;
  Epoch before_;
  Epoch now_;
};

}  // namespace mprofpp::record
