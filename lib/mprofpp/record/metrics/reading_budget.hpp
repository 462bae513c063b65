#pragma once

#include <chrono>

#include "mprofpp/base/instant.hpp"

namespace mprofpp::record {

/// Limits the cost of additional readings. They use the rest of a tick's interval, so that they never delay
/// the next tick, and no more than a share of all time. Unspent time is saved for more expensive readings,
/// up to one interval. A reading on credit is paid for later, and until then nothing else is read. The
/// class does not read a clock.
class ReadingBudget {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// How a reading is paid for.
  enum class Payment { savings, credit };

  /// The time from one tick to the next.
  struct TickTime {
    Time next_due;
    Duration interval;
  };

  /// `share` is the share of all time that readings may take: 0.05 is a twentieth.
  ReadingBudget(double share, Duration interval)
      : share_(share), interval_(interval), saved_(interval) {}

  /// Starts the additional readings of a tick at `now`, after its main readings.
  void begin_tick(Time now, TickTime time);

  /// Returns true if a reading of the expected cost is paid for and fits in before the next tick.
  bool allows(Duration expected, Time now, Payment payment = Payment::savings) const;
  /// Returns true if such a reading fits into a tick at all, once enough time is saved.
  bool could_ever_allow(Duration expected) const;
  /// Returns how long several readings may take together in one tick: a quarter of the interval, so that
  /// the exit of a program is noticed soon.
  Duration burst() const { return interval_ / 4; }

  /// Pays for a reading that took `cost`.
  void charge(Duration cost);

 private:
  double share_;
  Duration interval_;
  /// Negative after a reading on credit, or one that took longer than expected.
  Duration saved_;
  Duration spent_{};  ///< in this tick
  Time earned_until_{};
  Time next_due_{};
};

}  // namespace mprofpp::record
