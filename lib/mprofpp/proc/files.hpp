#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "mprofpp/base/bytes.hpp"
#include "mprofpp/base/fd.hpp"
#include "mprofpp/base/result.hpp"
#include "mprofpp/proc/parse.hpp"

/// Opens and reads the files that parse.hpp understands. Errc::vanished or not_found when the process
/// has ended, denied when it may not be looked at.
namespace mprofpp::proc {

Result<Stat> read_stat(pid_t pid);
Result<Status> read_status(pid_t pid);
/// The command line, cut after 4 KiB. Empty for a kernel thread or a zombie.
Result<std::string> read_command(pid_t pid);
/// The children of all threads of `pid`. A process that ends meanwhile has none.
std::vector<pid_t> read_children(pid_t pid);

/// /proc/loadavg on a kept descriptor.
class NewestPid {
 public:
  Result<pid_t> read();

 private:
  Fd fd_;
};

/// Reads one process's resident memory again and again: a pread on a kept descriptor of its statm, a
/// fifth of what opening the file each time costs. When no descriptor is to be had it does that.
class ResidentMemory {
 public:
  explicit ResidentMemory(pid_t pid);

  /// Nothing resident (Bytes{}) means that the process is a zombie or about to become one.
  Result<Bytes> read();

  /// Reads through another living thread from now on: when the first thread of a process has ended
  /// before the others, the kernel shows no memory under the process's own name. Errors: vanished
  /// when there is no such thread.
  Result<void> follow_living_thread();

 private:
  std::string path_;
  pid_t pid_;
  Fd fd_;
};

}  // namespace mprofpp::proc
