#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "mprofpp/base/bytes.hpp"
#include "mprofpp/base/fd.hpp"
#include "mprofpp/base/result.hpp"
#include "mprofpp/proc/metric.hpp"

namespace mprofpp::proc {

/// Reads one process's memory again and again.
///
/// RSS comes from statm: a pread on a kept descriptor takes 1 µs, a fifth of what opening the file each
/// time costs; when no descriptor is to be had it does that. PSS and USS come from smaps_rollup, for
/// which the kernel walks all pages: 40 µs for a small process, 8 ms for one of a GiB.
class Memory {
 public:
  /// `metric` is rss, pss or uss.
  Memory(pid_t pid, Metric metric);

  /// Nothing means that the process has no memory any more: it is a zombie or about to become one. Of one
  /// that shares all its pages USS is 0, and PSS may be. Errors: vanished or not_found when it is gone;
  /// denied when it may not be looked at (PSS and USS of another user's).
  Result<std::optional<Bytes>> read();

  /// All that `source` tells; RSS is 0 where read() answers nothing. The same errors.
  Result<Amounts> read(Source source) const;

  /// Whether there is nothing left to read: some microseconds, whatever the metric. The kernel takes all
  /// memory from a process at once, before it frees the first page and long before there is a zombie.
  bool is_gone() const;

  /// Whether a descriptor is kept: then a process that comes later with the same pid is never read.
  bool is_held() const { return static_cast<bool>(fd_); }

  /// Reads through another living thread from now on: when the first thread of a process has ended
  /// before the others, the kernel shows no memory under the process's own name. Errors: vanished
  /// when there is no such thread.
  Result<void> follow_living_thread();

 private:
  void read_from(std::string folder);
  Result<Bytes> read_resident();
  std::string path() const { return folder_ + (metric_ == Metric::rss ? "statm" : "smaps_rollup"); }

  pid_t pid_;
  Metric metric_;
  std::string folder_;  ///< /proc/PID/ or /proc/PID/task/THREAD/
  Fd fd_;               ///< of statm; PSS and USS keep none
};

/// Whether both processes run in the very same memory, as a child does between vfork and exec. Where the
/// kernel does not tell (another user's, a container without kcmp) they are taken for two.
bool share_memory(pid_t one, pid_t other);

}  // namespace mprofpp::proc
