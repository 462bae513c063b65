#pragma once

#include <cmath>
#include <cstdint>
#include <deque>
#include <optional>

namespace mprofpp::analysis {

/// Compares the mean of the first minute with that of the last, one sample at a time and in constant memory.
/// Seconds count from the first sample.
class MinuteGrowth {
 public:
  void add(double seconds, double mib) {
    if (!std::isfinite(mib)) return;
    if (seconds < minute) add_to(first_, mib, 1);
    add_to(slot(std::floor(seconds)).sum, mib, 1);
  }
  /// Adds `count` samples of the same memory, spread evenly from `first` to `last` seconds.
  void add_evenly(double first, double last, std::uint64_t count, double mib);

  /// Returns how much more MiB the last minute had than the first. Returns nothing for less than five
  /// minutes, in which a minute is not a short part.
  std::optional<double> mib() const;

 private:
  static constexpr double minute = 60;

  struct Sum {
    double mib = 0;
    std::uint64_t count = 0;
  };
  /// The samples of one second.
  struct Slot {
    double second = 0;
    Sum sum = {};
  };

  static void add_to(Sum& sum, double mib, std::uint64_t count) {
    sum.mib += mib * static_cast<double>(count);
    sum.count += count;
  }
  Slot& slot(double second) {
    // a second that is earlier than the last one comes from a clock that was set
    if (slots_.empty() || second > slots_.back().second) start_slot(second);
    return slots_.back();
  }
  void start_slot(double second);

  Sum first_;
  std::deque<Slot> slots_;  // of the last minute
};

}  // namespace mprofpp::analysis
