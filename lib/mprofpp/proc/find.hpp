#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "mprofpp/base/result.hpp"

namespace mprofpp::proc {

/// A process that somebody may mean.
struct Candidate {
  pid_t pid = 0;
  std::string name;     ///< the kernel's 15 characters
  std::string command;  ///< the command line; empty for a kernel thread
};

/// The processes called `name`: those whose name, or the file name of whose first word, is just that;
/// if there are none, those whose name contains it, as mprof searches. A process that descends from
/// another one that was found is left out: whoever says `postgres` means the server and not its forty
/// children. The caller itself is never found, nor is a process that /proc hides from it. Ascending by pid.
/// Errors: io when no descriptor is left to look with.
Result<std::vector<Candidate>> find_by_name(const std::string& name);

/// The process of that pid; nothing when there is none. A thread's id is not a process. Errors: denied when
/// there is one that /proc hides (hidepid), io when no descriptor is left to look with.
Result<std::vector<Candidate>> find_by_pid(pid_t pid);

/// Whether /proc is mounted so that it hides other users' processes from this one (hidepid).
bool are_others_hidden();

}  // namespace mprofpp::proc
