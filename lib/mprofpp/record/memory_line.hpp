#pragma once

#include <sys/types.h>

#include <deque>
#include <optional>

#include "mprofpp/base/instant.hpp"

namespace mprofpp::record {

/// The newest part of the MEM line, for marks: what it was at a time between two samples.
class MemoryLine {
 public:
  /// A sample; `alone` is the process whose resident memory it is, 0 when it is that of several or
  /// another metric.
  void add(Instant t, double mib, pid_t alone);

  /// Between two samples by interpolation, behind the last one its value. Where the line is that
  /// process alone, the process's own reading is the line: `rss`, in MiB.
  double at(Instant t, pid_t pid, const std::optional<double>& rss) const;

 private:
  struct Point {
    Instant t;
    double mib;
    pid_t alone;
  };

  std::deque<Point> points_;
};

}  // namespace mprofpp::record
