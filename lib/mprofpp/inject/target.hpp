#pragma once

#include <sys/types.h>

#include <string>

#include "mprofpp/base/result.hpp"
#include "mprofpp/inject/door.hpp"

namespace mprofpp::inject {

/// Checks what shows from outside: whether the process lives, whose it is, what traces it, and the program
/// that it runs. Errors: those of open_door(). The places of errors are empty.
Result<void> examine(pid_t pid);

/// Returns the process that traces this one; 0 if there is none.
pid_t tracer_of(pid_t pid);

/// Returns true if the process has seccomp filters that this one does not have.
bool is_sandboxed(pid_t pid);

/// Returns the failure for a process that its sandbox may kill.
Failure refuse_sandbox();

/// Returns the reason why the kernel does not let us trace a process.
Failure explained(pid_t pid, const Limits& limits, const Error& error);

/// Returns the path in a link of /proc without the note that the file has been deleted.
std::string without_deleted(std::string path);

}  // namespace mprofpp::inject
