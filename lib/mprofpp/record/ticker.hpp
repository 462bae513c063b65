#pragma once

#include <chrono>
#include <cstdint>

#include "mprofpp/base/instant.hpp"

namespace mprofpp::record {

/// When the ticks are due: at start + n × interval, whatever the work between them took, so the
/// recording does not drift. Ticks that could not be kept are skipped and counted, not caught up with.
class Ticker {
 public:
  using Time = std::chrono::steady_clock::time_point;

  Ticker(Time start, Duration interval) : due_(start), interval_(interval) {}

  Time due() const { return due_; }
  Time next_due() const { return due_ + interval_; }

  /// Ticks that were due by `now` could not be kept and are not missed either: nobody could have.
  /// The latest of them is the one that is due.
  void skip_to(Time now);

  /// From the next advance() on.
  void set_interval(Duration interval) { interval_ = interval; }

  /// The tick that was due is done, and it is `now`. Moves on to the next one that lies ahead and
  /// answers how many between were missed.
  std::uint64_t advance(Time now);

 private:
  Time due_;
  Duration interval_;
};

}  // namespace mprofpp::record
