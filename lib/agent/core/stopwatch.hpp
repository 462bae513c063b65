#pragma once

#include <atomic>
#include <cstdint>

/// Measures time for calls that follow one another closely, at half the cost of the clock. For some
/// microseconds after a reading of the clock (a stretch), the processor's own counter measures the
/// time that has passed since. The counter is used only if the kernel derives its clock from the
/// same counter, so nothing is assumed about it that the clock does not assume as well. Whatever the
/// counter does, no time is wrong by more than the length of a stretch.
///
/// A Machine reads both: `Machine::clock()` returns nanoseconds, `Machine::count()` the counter.
namespace mprofpp::agent {

/// A reading of the clock.
struct ClockReading {
  std::uint64_t time = 0;
  std::uint64_t count = 0;  ///< the counter after the reading
  std::uint64_t took = 0;   ///< how long the reading took, in counts
};

template <class Machine>
ClockReading read_clock() {
  const auto before = Machine::count();
  const auto time = Machine::clock();
  const auto after = Machine::count();
  return {time, after, after - before};
}

/// The rate of the counter. There is one for all threads.
class CounterRate {
 public:
  constexpr CounterRate() = default;

  /// Starts to measure the rate. Must not be called while another thread is in update(); has no
  /// effect once the rate is known.
  void begin(const ClockReading& first);
  /// Returns false as long as the counter must not be used.
  bool is_trusted() const { return is_trusted_.load(std::memory_order_acquire); }
  /// Takes a later reading into account. Returns the same as get().
  std::uint64_t update(const ClockReading& now);
  /// Returns nanoseconds per count, times 2^32; 0 as long as the rate is not known.
  std::uint64_t get() const { return rate_.load(std::memory_order_relaxed); }

 private:
  ClockReading first_;
  std::atomic<bool> is_trusted_ = false;
  std::atomic<std::uint64_t> rate_ = 0;
};

/// The clock of one thread.
template <class Machine>
class Stopwatch {
 public:
  static constexpr std::uint64_t longest_stretch = 10'000;  ///< ns

  constexpr Stopwatch() = default;

  /// Returns CLOCK_MONOTONIC in nanoseconds.
  std::uint64_t now(CounterRate& rate) {
    if (stretch_ == 0) return read(rate);
    const auto passed = Machine::count() - begin_.count;
    return passed < stretch_ ? begin_.time + (passed * rate_ >> 32) : read(rate);
  }

 private:
  std::uint64_t read(CounterRate& rate);

  ClockReading begin_;
  std::uint64_t rate_ = 0;     ///< as returned by CounterRate::get()
  std::uint64_t stretch_ = 0;  ///< length in counts; 0 if the clock must be read
};

/// A reading that took long, because the thread was interrupted, is not precise and does not start a
/// stretch. Times are counted from the end of a reading, so they lag behind the clock a little and
/// none is later than the next reading.
template <class Machine>
std::uint64_t Stopwatch<Machine>::read(CounterRate& rate) {
  constexpr std::uint64_t longest_reading = 64;  // it may take a 64th of a stretch
  stretch_ = 0;
  if (!rate.is_trusted()) return Machine::clock();
  begin_ = read_clock<Machine>();
  rate_ = rate.get() != 0 ? rate.get() : rate.update(begin_);
  if (rate_ == 0) return begin_.time;
  const auto stretch = (longest_stretch << 32) / rate_;
  if (begin_.took < stretch / longest_reading) stretch_ = stretch;
  return begin_.time;
}

}  // namespace mprofpp::agent
