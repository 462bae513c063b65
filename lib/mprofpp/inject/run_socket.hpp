#pragma once

#include <sys/types.h>

#include <string>

namespace mprofpp::inject {

/// Returns the path of the agent's socket in the folder of the run that has started the process; empty if
/// there is no such folder, or its path is too long for a socket.
std::string socket_in_run(pid_t pid);

}  // namespace mprofpp::inject
