#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "mprofpp/base/result.hpp"

namespace mprofpp::proc {

/// A process that a user may mean.
struct Candidate {
  pid_t pid = 0;
  std::string name;     ///< as the kernel stores it, at most 15 characters
  std::string command;  ///< the command line; empty for a kernel thread
};

/// Finds the processes called `name`: those whose name, or whose program's file name, is exactly
/// that; if there are none, the interpreters that run a script or module of that name (or path); if
/// there are none either, those whose name contains it, which is how mprof searches. A process that
/// descends from another match is left out, because `postgres` means the server and not its forty
/// children. The result never contains the caller, a process that /proc hides from it or one that has
/// exited and waits to be reaped. Sorted by pid. Errors: io if no descriptor is left to search with.
Result<std::vector<Candidate>> find_by_name(const std::string& name);

/// Returns the process with that pid; nothing if there is none. The id of a thread is not a process.
/// Errors: denied if /proc hides the process (hidepid), io if no descriptor is left to search with.
Result<std::vector<Candidate>> find_by_pid(pid_t pid);

/// Returns true if /proc is mounted so that it hides processes of other users from this one (hidepid).
bool are_others_hidden();

}  // namespace mprofpp::proc
