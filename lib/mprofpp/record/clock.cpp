#include "mprofpp/record/clock.hpp"

#include <time.h>

#include <algorithm>

namespace mprofpp::record {

Duration time_since_boot() {
  timespec t{};
  ::clock_gettime(CLOCK_BOOTTIME, &t);
  return std::chrono::seconds(t.tv_sec) + Duration(t.tv_nsec);
}

SleepWatch::Clocks SleepWatch::read() {
  const auto before = Clock::Steady::now().time_since_epoch();
  const auto since_boot = time_since_boot();
  return {before, since_boot, Clock::Steady::now().time_since_epoch()};
}

Duration SleepWatch::slept(const Clocks& now) {
  const Duration at_least = now.since_boot - now.steady_after;
  const Duration at_most = now.since_boot - now.steady_before;
  if (at_least <= most_ahead_) {
    most_ahead_ = std::min(most_ahead_, at_most);
    return Duration::zero();
  }
  const Duration slept = at_least - most_ahead_;
  most_ahead_ = at_most;
  return slept;
}

}  // namespace mprofpp::record
