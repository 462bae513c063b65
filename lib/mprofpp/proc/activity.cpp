#include "mprofpp/proc/activity.hpp"

#include <utility>

namespace mprofpp::proc {
namespace {

std::optional<Duration> read_clock(clockid_t clock) {
  timespec time{};
  if (::clock_gettime(clock, &time) != 0) return std::nullopt;
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

}  // namespace

Activity::Activity(pid_t pid) {
  clockid_t clock = 0;
  if (::clock_getcpuclockid(pid, &clock) == 0) clock_ = clock;
}

bool Activity::has_run() {
  if (!clock_) return true;
  const auto now = read_clock(*clock_);
  return std::exchange(cpu_time_, now) != now || !now;
}

}  // namespace mprofpp::proc
