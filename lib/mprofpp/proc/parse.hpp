#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mprofpp/base/bytes.hpp"
#include "mprofpp/base/result.hpp"
#include "mprofpp/proc/metric.hpp"

/// Parses the kernel's text files under /proc. These are pure functions of text: other code opens
/// the files, so a test can pass a literal. Text that an exiting process has cut short is
/// Errc::malformed, never a guess.
namespace mprofpp::proc {

/// The part of /proc/PID/stat that we use. The name may contain spaces and parentheses.
struct Stat {
  pid_t pid = 0;
  std::string name;
  char state = '?';  ///< R S D T Z X …
  pid_t parent = 0;
  /// Page faults of the children that it has waited for; 0 if there were none.
  std::uint64_t child_minor_faults = 0;
  std::uint64_t child_major_faults = 0;
  int threads = 0;
  std::uint64_t start = 0;  ///< clock ticks since boot

  friend bool operator==(const Stat&, const Stat&) = default;
};
Result<Stat> parse_stat(std::string_view text);

/// Returns the resident pages of /proc/PID/statm: anonymous, file and shared memory together.
Result<std::int64_t> parse_resident_pages(std::string_view text);

/// Two numbers of /proc/PID/statm, in pages, that an exec rarely leaves unchanged.
struct Shape {
  std::int64_t size = 0;  ///< of the address space
  std::int64_t code = 0;  ///< of the program's own code, without libraries

  friend bool operator==(const Shape&, const Shape&) = default;
};
Result<Shape> parse_shape(std::string_view statm);

/// Returns the address at which the program's stack starts, from /proc/PID/stat. The kernel picks
/// another one at each exec. 0 if the process belongs to another user.
Result<std::uint64_t> parse_stack_start(std::string_view stat);

/// The part of /proc/PID/status that we use.
struct Status {
  std::string name;  ///< with the kernel's escapes (\n, \\) undone
  pid_t thread_group = 0;
  int threads = 0;
  pid_t innermost_pid = 0;  ///< the pid in the process's own pid namespace
  Bytes peak_rss;   ///< VmHWM: the high-water mark since exec; 0 for a zombie, which has no memory
  Bytes peak_vms;   ///< VmPeak: the high-water mark of the address space
  Amounts amounts;  ///< rss, swap, vms, anon and file; 0 for a zombie
  std::uint64_t seccomp_filters = 0;  ///< also 0 before Linux 5.9

  friend bool operator==(const Status&, const Status&) = default;
};
Result<Status> parse_status(std::string_view text);

/// Parses /proc/PID/smaps_rollup, for which the kernel walks all pages of a process: rss, pss and
/// uss (private clean and private dirty pages together).
Result<Amounts> parse_rollup(std::string_view text);

/// Returns the last number of /proc/loadavg: the newest pid of this pid namespace.
Result<pid_t> parse_newest_pid(std::string_view text);

/// Returns true if /proc/self/mountinfo says that /proc hides the processes of other users (hidepid).
bool hides_processes(std::string_view mountinfo);

/// Returns the pids of /proc/PID/task/TID/children.
std::vector<pid_t> parse_children(std::string_view text);

/// Returns /proc/PID/cmdline with the arguments joined by spaces. Each argument ends with a NUL
/// byte, and a program that renamed itself may have left several at the end.
std::string parse_command(std::string_view text);

/// Returns the separate arguments. NUL bytes that a renamed program left behind are not arguments.
std::vector<std::string> parse_arguments(std::string_view text);

/// Returns the value of a variable in /proc/PID/environ; nothing if the process started without it.
std::optional<std::string_view> variable_in(std::string_view environment, std::string_view name);

}  // namespace mprofpp::proc
