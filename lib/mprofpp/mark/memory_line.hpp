#pragma once

#include <sys/types.h>

#include <deque>
#include <optional>

#include "mprofpp/base/instant.hpp"

namespace mprofpp::mark {

/// The newest part of the MEM line. It gives marks the value of the line between two samples.
class MemoryLine {
 public:
  /// Adds a sample. `alone` is the process whose resident memory the sample is; 0 if the sample is the sum
  /// of several processes or another metric.
  void add(Instant t, double mib, pid_t alone);

  /// Returns the value of the line in MiB at `t`: interpolated between two samples, and the last value
  /// after the last sample. If the line shows the memory of `pid` alone there, the process's own reading
  /// `rss` is exact and is returned instead.
  double at(Instant t, pid_t pid, const std::optional<double>& rss) const;

 private:
  struct Point {
    Instant t;
    double mib;
    pid_t alone;
  };

  std::deque<Point> points_;
};

}  // namespace mprofpp::mark
