#include "mprofpp/record/metrics/high_watch.hpp"

#include <algorithm>

namespace mprofpp::record {
namespace {

constexpr int most_failures = 3;

bool is_above(Bytes total, Bytes other) {
  return total.count() * 100 > other.count() * 101;
}

bool is_far_above(Bytes total, Bytes other) {
  return total.count() * 10 > other.count() * 11;
}

}  // namespace

HighWatch::Need HighWatch::need(Bytes total) const {
  if (is_far_above(total, high_)) return Need::urgent;
  if (is_above(total, high_)) return Need::affordable;
  return is_confirmed_ || is_above(high_, total) ? Need::none : Need::urgent;
}

bool HighWatch::has_grown_since_start(Bytes total) const {
  return is_far_above(total, begun_at_);
}

bool HighWatch::finish(Bytes total) {
  if (has_grown_since_start(total) || is_far_above(begun_at_, total)) {
    fail();
    return false;
  }
  failures_ = 0;
  if (!is_above(high_, total)) is_confirmed_ = !is_above(total, high_);
  high_ = std::max(high_, total);
  return true;
}

void HighWatch::fail() {
  if (++failures_ < most_failures) return;
  failures_ = 0;
  high_ = std::max(high_, begun_at_);
  is_confirmed_ = true;
}

}  // namespace mprofpp::record
