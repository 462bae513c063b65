#pragma once

#include <algorithm>

#include "mprofpp/base/instant.hpp"

namespace mprofpp::record {

/// Limits how many processes that no sample saw get lines of their own. The thousands of processes of a
/// build all get them. An endless loop that starts a thousand processes a second would fill the disk, so
/// in the long run only a hundred a second get lines.
class Allowance {
 public:
  static constexpr double most = 20'000;
  static constexpr double each_second = 100;

  /// Adds the allowance for the time until `now`. A recording that samples `slowness` times less often
  /// than at the start gets that many times less.
  void grow(Instant now, double slowness) {
    if (last_ != Instant{}) {
      rest_ = std::min(most, rest_ + to_seconds(now - last_) * each_second / slowness);
    }
    last_ = now;
  }
  /// Uses up the allowance for one process; returns false if none is left.
  bool take() {
    if (rest_ < 1) return false;
    rest_ -= 1;
    return true;
  }

 private:
  double rest_ = most;
  Instant last_;
};

}  // namespace mprofpp::record
