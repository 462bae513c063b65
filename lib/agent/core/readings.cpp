#include "core/readings.hpp"

#include "core/process.hpp"

namespace mprofpp::agent {
namespace {

constexpr std::uint64_t readings_last = 10'000;  // ns

std::uint64_t without_ours(std::uint64_t rss) {
  const auto ours = process().writer().size() + process().lines().memory();
  return rss == wire::unknown_rss || rss < ours ? rss : rss - ours;
}

}  // namespace

Moment moment_of_begin(Thread& thread) {
  const auto time = process().is_exact() ? ~std::uint64_t{0} : now(thread);
  auto moment = moment_of_end(thread, time);
  if ((moment.flags & wire::reused) == 0) moment.time = thread.rss_time = now(thread);
  return moment;
}

Moment moment_of_end(Thread& thread, std::uint64_t time) {
  std::uint8_t flags = 0;
  if (!process().is_exact() && time - thread.rss_time < readings_last) {
    flags = wire::reused;
  } else if (!process().is_quiet()) {
    thread.rss = without_ours(process().resident().read());
    thread.rss_time = time;
  } else {
    thread.rss = wire::unknown_rss;
  }
  return {time, thread.rss, flags};
}

std::uint64_t memory_now(Thread& thread) {
  if (process().is_quiet()) return wire::unknown_rss;
  thread.rss = without_ours(process().resident().read());
  thread.rss_time = now(thread);
  return thread.rss;
}

std::uint64_t recent_memory(Thread& thread, std::uint64_t time) {
  return time - thread.rss_time < readings_last ? thread.rss : memory_now(thread);
}

}  // namespace mprofpp::agent
