#pragma once

#include <sys/types.h>

#include <map>
#include <string>
#include <string_view>

namespace mprofpp::proc {

/// Returns what a thread does, for people: "running", "waiting in poll", "waiting for a disk", "stopped";
/// empty if unknown. The arguments are the state in /proc/PID/task/TID/stat, and the content of `syscall`
/// and `wchan` next to it, which are empty if they cannot be read.
std::string thread_state_text(char state, std::string_view system_call, std::string_view wait);

/// Returns what each thread of a process does, by its number in the process's own pid namespace. Threads of
/// which nothing is known are left out.
std::map<pid_t, std::string> read_thread_states(pid_t pid);

}  // namespace mprofpp::proc
