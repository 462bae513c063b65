#pragma once

#include "mprofpp/base/instant.hpp"
#include "mprofpp/model/record.hpp"

namespace mprofpp::analysis {

/// The times of the last two ticks, and the usual step from one tick to the next. A much longer step is a
/// gap. The usual step follows the recent ones: a recorder that is always late, because its interval is too
/// short for it, leaves no gaps.
class TickTimes {
 public:
  Instant last() const { return last_; }
  Instant before_last() const { return before_last_; }

  /// Counts the step from the last tick to one at `t`. Returns true if it is a gap. `interval` is that of the
  /// recording in seconds.
  bool is_gap_to(Instant t, double interval);
  /// Goes on to the next tick.
  void go_on_to(Instant t);
  /// Goes on to the last of the ticks of the MEM line that follow one another without a gap.
  void go_on_to(const model::Held& held);

  /// Returns the usual step in seconds, at least `interval`.
  double usual_step(double interval) const;
  /// Returns true if the time between two readings of one process is a gap.
  bool is_gap(Instant from, Instant to) const;

 private:
  Instant last_;
  Instant before_last_;
  double usual_step_ = 0;  ///< seconds
};

}  // namespace mprofpp::analysis
