#pragma once

#include <sys/types.h>

#include <optional>
#include <string_view>

#include "mprofpp/inject/memory.hpp"

namespace mprofpp::inject {

/// The system call in which a thread waits.
struct Wait {
  std::int64_t number = 0;
  std::uint64_t first_argument = 0;
  Address stack = 0;

  friend bool operator==(const Wait&, const Wait&) = default;
};

/// Parses /proc/PID/task/TID/syscall. Returns nothing if the thread runs.
std::optional<Wait> parse_wait(std::string_view text);

/// Returns the system call in which the first thread of a process waits. Does not stop it. Nothing if it
/// runs, or if the kernel does not show it.
std::optional<Wait> read_wait(pid_t pid);

/// Returns true if a thread that waits in this system call holds no lock that a call needs: the C library
/// does not make it while it holds the locks of malloc or of the dynamic linker.
bool is_safe_wait(pid_t pid, const Wait& wait);

bool is_futex(const Wait& wait);

/// Returns the number of times that the first thread of a process has been scheduled; 0 if it is unknown.
std::uint64_t read_switches(pid_t pid);

/// Parses both numbers of context switches in /proc/PID/status and adds them up.
std::uint64_t parse_switches(std::string_view status);

}  // namespace mprofpp::inject
