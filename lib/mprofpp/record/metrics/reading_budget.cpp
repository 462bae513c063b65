#include "mprofpp/record/metrics/reading_budget.hpp"

#include <algorithm>

namespace mprofpp::record {
namespace {

/// One part in this many of the interval is reserved for writing the line and setting the timer.
constexpr int reserved_part = 10;

/// A reading may take longer than it did the last time.
Duration with_margin(Duration expected) {
  return expected + expected / 4;
}

}  // namespace

void ReadingBudget::begin_tick(Time now, TickTime time) {
  interval_ = time.interval;
  if (earned_until_ != Time{}) {
    const std::chrono::duration<double, std::nano> earned = (now - earned_until_) * share_;
    saved_ = std::min(interval_, saved_ + Duration(static_cast<Duration::rep>(earned.count())));
  }
  earned_until_ = now;
  next_due_ = time.next_due;
  spent_ = {};
}

bool ReadingBudget::allows(Duration expected, Time now, Payment payment) const {
  if (payment == Payment::savings && expected > saved_) return false;
  if (now + with_margin(expected) + interval_ / reserved_part > next_due_) return false;
  return spent_ == Duration{} || spent_ + expected <= burst();
}

bool ReadingBudget::could_ever_allow(Duration expected) const {
  return with_margin(expected) + interval_ / reserved_part <= interval_;
}

void ReadingBudget::charge(Duration cost) {
  saved_ -= cost;
  spent_ += cost;
}

}  // namespace mprofpp::record
