#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

#include "mprofpp/base/fd.hpp"
#include "mprofpp/base/instant.hpp"
#include "mprofpp/base/result.hpp"

/// Opens a door into a running Python: makes the process load our agent, if it is not there, and call one
/// function of it. The process must belong to the caller, or the caller must be root. Nothing in the process
/// is trusted: not its memory, its files or what it sends.
namespace mprofpp::inject {

/// The agent and its request.
struct Payload {
  std::string library;      ///< path of the agent, in our own files
  std::string socket = {};  ///< the path on which the agent listens; empty: the name is ours
  std::vector<std::string> request = {};  ///< more for the agent, each NAME=value
};

struct Limits {
  /// How long to wait for a moment at which the process can be entered: a function written in C that keeps
  /// Python's lock delays it.
  Duration patience = std::chrono::seconds(10);
  /// How long a call in a stopped process may take until it is given up.
  Duration longest_call = std::chrono::milliseconds(200);
  /// The setting of the kernel that forbids to trace processes; another path is for tests.
  std::string yama = "/proc/sys/kernel/yama/ptrace_scope";
};

struct Door {
  Fd socket;           ///< a connected stream socket; the other end is in the process
  Duration stopped{};  ///< the longest time for which the process was stopped
};

/// Opens the door. SIGINT, SIGTERM, SIGHUP and SIGQUIT wait meanwhile, and make it give up; a process is
/// never left in the middle of a call. The place of an error is the pid.
/// Errors: not_found if there is no such process, or if it does not run Python; denied if it may not be
/// traced; busy if another program traces it, if it has a door already or if it could not be entered in time;
/// vanished if it ended meanwhile; unsupported for everything else that is in the way.
Result<Door> open_door(pid_t pid, const Payload& payload, const Limits& limits = {});

}  // namespace mprofpp::inject
