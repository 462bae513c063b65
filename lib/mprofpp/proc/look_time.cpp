#include "mprofpp/proc/look_time.hpp"

#include <time.h>

namespace mprofpp::proc {
namespace {

Duration cpu_time() {
  timespec spent{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
  return std::chrono::seconds(spent.tv_sec) + std::chrono::nanoseconds(spent.tv_nsec);
}

}  // namespace

LookTime::LookTime(Duration interval, Clock::time_point next_due)
    : deadline_(next_due - interval / 10), cpu_limit_(cpu_time() + interval / 4) {
  if (Clock::now() >= deadline_) deadline_ = Clock::time_point::max();
}

bool LookTime::is_over() const {
  return cpu_time() >= cpu_limit_ || Clock::now() >= deadline_;
}

}  // namespace mprofpp::proc
