#pragma once

#include <chrono>

#include "mprofpp/base/instant.hpp"

namespace mprofpp::record {

/// What readings beside the main one may cost. They are made in what a tick leaves of its interval, so
/// that the next one is never late for them, and take no more than a share of all time: what is not
/// spent is saved for a reading that costs more, up to one interval. Asks no clock.
class ReadingBudget {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// The time from one tick to the next.
  struct Stretch {
    Time next_due;
    Duration interval;
  };

  /// `share` is the part of all time, 0.05 for a twentieth.
  ReadingBudget(double share, Duration interval)
      : share_(share), interval_(interval), saved_(interval) {}

  /// The main readings of a tick are done and it is `now`.
  void begin_tick(Time now, Stretch stretch);

  /// Whether a reading that may take `expected` fits in before the next tick, and is paid for.
  bool allows(Duration expected, Time now) const;
  /// Whether it will fit into any tick, if only one waits for it long enough.
  bool could_ever_allow(Duration expected) const;
  /// What several readings may take together in one tick: a quarter of the interval, so that a program's
  /// end is noticed soon.
  Duration burst() const { return interval_ / 4; }

  /// A reading was made and took `cost`.
  void charge(Duration cost);

 private:
  double share_;
  Duration interval_;
  Duration saved_;    ///< below zero after a reading that took longer than expected
  Duration spent_{};  ///< in this tick
  Time earned_until_{};
  Time next_due_{};
};

}  // namespace mprofpp::record
