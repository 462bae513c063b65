#include "mprofpp/proc/member.hpp"

#include <algorithm>
#include <utility>

namespace mprofpp::proc {
namespace {

using namespace std::chrono_literals;

constexpr int young_looks = 6;
constexpr int most_counted_threads = 100;  // the kernel adds up the CPU time of all threads
constexpr int busy_readings = 16;

}  // namespace

Member::Member(const Stat& stat, Metric metric, Instant now)
    : id{stat.pid, stat.start},
      parent(stat.parent),
      name(stat.name),
      next_look(now),
      next_walk(now + 1s),
      look_gap(1ms),
      memory(stat.pid, metric),
      activity(stat.pid) {}

/// Never returns 0, which would mean that nothing was read.
Bytes Member::without_ours(Bytes reading) const {
  return std::max(reading - left_out, Bytes(1));
}

Amounts Member::without_ours(Amounts amounts) const {
  for (const auto metric : {Metric::rss, Metric::pss, Metric::uss, Metric::vms, Metric::file}) {
    amounts[metric] = std::max(amounts[metric] - left_out, Bytes{});
  }
  return amounts;
}

bool Member::is_young() const {
  return looks < young_looks;
}

/// A program rarely has exactly as much code as the one that started it. If both are the same
/// program, such as a shell that runs a script with another shell, the size of all memory differs;
/// but every allocation changes that size too, so it only counts while a process is young.
bool Member::seems_replaced() const {
  if (looks == 0) return false;
  const auto& shape = memory.shape();
  return shape.code != shape_at_look.code || (is_young() && shape.size != shape_at_look.size);
}

void Member::notice_activity() {
  if (threads <= most_counted_threads && !activity.has_run()) return;
  ran_since_look = ran_since_title = ran_since_reading = true;
}

/// A process that runs all the time is rarely asked whether it has run: that would only add to the cost of
/// reading it.
bool Member::needs_reading(Instant now) {
  if (unchecked_readings > 0) {
    --unchecked_readings;
    return true;
  }
  if (used == Bytes{} || now >= next_reading) return true;
  notice_activity();
  const bool ran = std::exchange(ran_since_reading, false);
  if (ran && ran_at_last_check) unchecked_readings = busy_readings;
  ran_at_last_check = ran;
  return ran;
}

}  // namespace mprofpp::proc
