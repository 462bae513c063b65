#pragma once

#include <sys/types.h>

#include <ctime>
#include <optional>

#include "mprofpp/base/instant.hpp"

namespace mprofpp::proc {

/// Detects whether a process has run, from the CPU time of all its threads. That takes half a microsecond, a
/// quarter of a reading of its memory and a hundredth of a closer look.
///
/// The kernel adds the time of a thread that is running on another CPU at its next timer interrupt, so a
/// process that has just woken up may count as asleep for some milliseconds.
class Activity {
 public:
  explicit Activity(pid_t pid);

  /// Returns true if it has run since the last call; also at the first call and whenever that is unknown.
  bool has_run();

 private:
  std::optional<clockid_t> clock_;  ///< nothing if the kernel does not have it
  std::optional<Duration> cpu_time_;
};

}  // namespace mprofpp::proc
