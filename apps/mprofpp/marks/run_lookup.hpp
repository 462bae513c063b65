#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "mprofpp/base/result.hpp"
#include "mprofpp/model/process_id.hpp"

namespace mprofpp::app {

/// Returns the folder of the run that this process belongs to; empty if it belongs to none.
std::string folder_of_this_run();
/// Returns the folder of the run that process `pid` belongs to: the process was started in it, or attach
/// records the process or one of its ancestors. Errors: not_found if the process does not exist or is not
/// recorded; denied if it belongs to another user.
Result<std::string> folder_of_run(pid_t pid);

/// Parses the value of --pid; an empty one means no pid. Errors: invalid_argument.
Result<std::optional<pid_t>> parse_pid(const std::string& text);

/// Returns the identity of a process. Errors: not_found.
Result<model::ProcessId> identify(pid_t pid);

/// Returns the process that a mark belongs to: the parent of this process or, if the parent is not part
/// of the run, this process.
Result<model::ProcessId> identify_caller(const std::string& folder);

}  // namespace mprofpp::app
