#pragma once

#include <chrono>

#include "mprofpp/base/instant.hpp"

namespace mprofpp::record {

/// The recording's time: the wall clock is read once, at the start, and the monotonic clock carries on
/// from there. Somebody who sets the clock meanwhile bends no curve.
class Clock {
 public:
  using Steady = std::chrono::steady_clock;

  Instant now() const { return at(Steady::now()); }
  Instant at(Steady::time_point t) const { return wall_start_ + (t - steady_start_); }
  Instant start() const { return wall_start_; }
  Steady::time_point steady_start() const { return steady_start_; }

 private:
  Instant wall_start_ = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  Steady::time_point steady_start_ = Steady::now();
};

}  // namespace mprofpp::record
