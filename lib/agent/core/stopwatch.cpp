#include "core/stopwatch.hpp"

namespace mprofpp::agent {
namespace {

/// Returns `time` divided by `counts`, times 2^32.
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

/// It is not known at what point of a reading the clock was read. So the lowest possible rate is
/// measured, with which no time is ahead of the clock, and only once that is close enough.
std::uint64_t CounterRate::update(const ClockReading& now) {
  constexpr std::uint64_t closeness = 10'000;
  const auto counts = now.count - first_.count;
  const bool is_close = counts / closeness > first_.took + now.took;
  if (is_close) {
    rate_.store(ratio(now.time - first_.time, counts + first_.took), std::memory_order_relaxed);
  }
  return get();
}

}  // namespace mprofpp::agent
