#pragma once

#include <atomic>
#include <cstdint>

/// The time for calls that follow one another closely, at half the price of the clock's: for some
/// microseconds after a reading of the clock the processor's own counter tells how much later it
/// is. Only where the kernel's clock is that counter as well, so nothing is believed of it that the
/// clock does not rest on; and whatever it does, no time is further off than a stretch is long.
///
/// A Machine reads both: `Machine::clock()` in nanoseconds, `Machine::count()`.
namespace mprofpp::agent {

/// A reading of the clock. The counter stood at `count` when it was over.
struct ClockReading {
  std::uint64_t time = 0;
  std::uint64_t count = 0;
  std::uint64_t took = 0;  ///< counts
};

template <class Machine>
ClockReading read_clock() {
  const auto before = Machine::count();
  const auto time = Machine::clock();
  const auto after = Machine::count();
  return {time, after, after - before};
}

/// How fast the counter runs. There is one for all threads.
class CounterRate {
 public:
  constexpr CounterRate() = default;

  /// From now on it is found out. Not while others learn; without effect once it is known.
  void begin(const ClockReading& first);
  /// False as long as the counter is not to be trusted.
  bool is_trusted() const { return is_trusted_.load(std::memory_order_acquire); }
  /// Takes a later reading into account. Answers what get() does.
  std::uint64_t learn(const ClockReading& now);
  /// Nanoseconds per count, times 2^32; 0 as long as it is not known.
  std::uint64_t get() const { return rate_.load(std::memory_order_relaxed); }

 private:
  ClockReading first_;
  std::atomic<bool> is_trusted_ = false;
  std::atomic<std::uint64_t> rate_ = 0;
};

/// One for each thread.
template <class Machine>
class Stopwatch {
 public:
  static constexpr std::uint64_t longest_stretch = 10'000;  ///< ns

  constexpr Stopwatch() = default;

  /// Nanoseconds of CLOCK_MONOTONIC.
  std::uint64_t now(CounterRate& rate) {
    if (stretch_ == 0) return read(rate);
    const auto passed = Machine::count() - begin_.count;
    return passed < stretch_ ? begin_.time + (passed * rate_ >> 32) : read(rate);
  }

 private:
  std::uint64_t read(CounterRate& rate);

  ClockReading begin_;
  std::uint64_t rate_ = 0;     ///< as CounterRate's
  std::uint64_t stretch_ = 0;  ///< counts; 0: only the clock is asked
};

/// A reading that took long (the thread was interrupted) says little of when it was: it begins no
/// stretch. Counted from the end of a reading times lag behind the clock a little, so that none is
/// later than the next reading.
template <class Machine>
std::uint64_t Stopwatch<Machine>::read(CounterRate& rate) {
  constexpr std::uint64_t longest_reading = 64;  // a stretch in so many
  stretch_ = 0;
  if (!rate.is_trusted()) return Machine::clock();
  begin_ = read_clock<Machine>();
  rate_ = rate.get() != 0 ? rate.get() : rate.learn(begin_);
  if (rate_ == 0) return begin_.time;
  const auto stretch = (longest_stretch << 32) / rate_;
  if (begin_.took < stretch / longest_reading) stretch_ = stretch;
  return begin_.time;
}

}  // namespace mprofpp::agent
