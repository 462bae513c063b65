#pragma once

/// The agent's own exec, exit and fork, which call those of libc. All of these functions must be
/// called once, before the program's own constructors.
namespace mprofpp::agent {

/// Looks up the libc functions that the wrappers of exec and posix_spawn call.
void find_real_execs();

/// Looks up the libc functions that the wrappers of _exit, quick_exit and fork call.
void find_real_exits();

}  // namespace mprofpp::agent
