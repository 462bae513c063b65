#pragma once

#include <sys/types.h>

#include <array>
#include <cstddef>
#include <optional>
#include <string>

#include "mprofpp/base/bytes.hpp"
#include "mprofpp/base/fd.hpp"
#include "mprofpp/base/result.hpp"
#include "mprofpp/proc/metric.hpp"
#include "mprofpp/proc/parse.hpp"

namespace mprofpp::proc {

/// Reads the memory of one process again and again.
///
/// RSS comes from statm. A pread on an open descriptor takes 1 µs, a fifth of what opening the file each
/// time costs, which is done if no descriptor is available. PSS and USS come from smaps_rollup, for which
/// the kernel walks all pages: 40 µs for a small process, 8 ms for one of a GiB.
class Memory {
 public:
  /// `metric` is rss, pss or uss.
  Memory(pid_t pid, Metric metric);

  /// Returns nothing if the process has no memory any more: it is a zombie or about to become one.
  /// If a process shares all its pages, its USS is 0 and its PSS may be. Errors: vanished or
  /// not_found if it is gone; denied if it may not be read (PSS and USS of another user's process).
  Result<std::optional<Bytes>> read();

  /// Returns the shape that the last read() found. Zeros before the first one, and for PSS and USS.
  const Shape& shape() const { return shape_; }

  /// Reads all amounts that `source` contains; RSS is 0 if read() returns nothing. The same errors.
  Result<Amounts> read(MetricSource source) const;

  /// Returns true if there is nothing left to read. Takes some microseconds, whatever the metric.
  /// The kernel takes all memory from a process at once, before it frees the first page and long
  /// before the process is a zombie.
  bool is_gone() const;

  /// Returns true if a descriptor is open: then a later process with the same pid is never read.
  bool is_held() const { return static_cast<bool>(fd_); }

  /// Reads through another living thread from now on. If the first thread of a process has ended
  /// before the others, the kernel shows no memory under the process's own pid. Errors: vanished if
  /// there is no such thread.
  Result<void> follow_living_thread();

 private:
  void read_from(std::string folder);
  Result<Bytes> read_resident();
  Result<Bytes> take_statm(std::string_view text);
  std::string path() const { return folder_ + (metric_ == Metric::rss ? "statm" : "smaps_rollup"); }

  pid_t pid_;
  Metric metric_;
  std::string folder_;  ///< /proc/PID/ or /proc/PID/task/THREAD/
  Fd fd_;               ///< statm; none for PSS and USS
  /// The text as last read, without the heap: it is compared at every tick. Its values follow.
  std::array<char, 64> statm_{};
  std::size_t statm_size_ = 0;
  Bytes resident_;
  Shape shape_;
};

/// Returns true if both processes run in the same memory, as a child does between vfork and
/// exec. If the kernel does not answer (another user's process, a container without kcmp), their
/// memory counts as separate.
bool share_memory(pid_t one, pid_t other);

}  // namespace mprofpp::proc
