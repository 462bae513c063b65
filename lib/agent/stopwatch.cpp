#include "stopwatch.hpp"

namespace mprofpp::agent {
namespace {

/// `time` nanoseconds in so many counts, times 2^32.
std::uint64_t ratio(std::uint64_t time, std::uint64_t counts) {
  for (; time >> 31 != 0; time >>= 1) counts >>= 1;
  return (time << 32) / counts;
}

}  // namespace

void CounterRate::begin(const ClockReading& first) {
  if (get() != 0) return;
  first_ = first;
  is_trusted_.store(true, std::memory_order_release);
}

/// Nobody knows when within a reading the clock was read. What is learned is the slowest that the
/// counter can be, so that no time is ahead of the clock, and not before that is close enough.
std::uint64_t CounterRate::learn(const ClockReading& now) {
  constexpr std::uint64_t closeness = 10'000;
  const auto counts = now.count - first_.count;
  const bool is_close = counts / closeness > first_.took + now.took;
  if (is_close) {
    rate_.store(ratio(now.time - first_.time, counts + first_.took), std::memory_order_relaxed);
  }
  return get();
}

}  // namespace mprofpp::agent
