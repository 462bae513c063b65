#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mprofpp/base/bytes.hpp"
#include "mprofpp/base/result.hpp"
#include "mprofpp/proc/metric.hpp"

/// What the kernel's text files under /proc say. Pure functions of text: opening is done elsewhere, so
/// a test passes a literal. Text cut short by a dying process is Errc::malformed, never a guess.
namespace mprofpp::proc {

/// /proc/PID/stat. The name may hold blanks and parentheses.
struct Stat {
  pid_t pid = 0;
  std::string name;
  char state = '?';  ///< R S D T Z X …
  pid_t parent = 0;
  std::uint64_t child_minor_faults = 0;  ///< of waited-for children: 0 means there was none
  std::uint64_t child_major_faults = 0;
  int threads = 0;
  std::uint64_t start = 0;  ///< clock ticks since boot

  friend bool operator==(const Stat&, const Stat&) = default;
};
Result<Stat> parse_stat(std::string_view text);

/// The resident pages of /proc/PID/statm: anonymous, file and shared memory together.
Result<std::int64_t> parse_resident_pages(std::string_view text);

/// The part of /proc/PID/status that we use.
struct Status {
  std::string name;  ///< with the kernel's escapes (\n, \\) undone
  pid_t thread_group = 0;
  int threads = 0;
  pid_t innermost_pid = 0;  ///< as the process itself sees it, in the pid namespace it is in
  Bytes peak_rss;   ///< VmHWM: the high-water mark since exec; 0 for a zombie, which has no memory
  Bytes peak_vms;   ///< VmPeak: that of the address space
  Amounts amounts;  ///< rss, swap, vms, anon and file; 0 for a zombie

  friend bool operator==(const Status&, const Status&) = default;
};
Result<Status> parse_status(std::string_view text);

/// /proc/PID/smaps_rollup, what the kernel finds when it walks all pages of a process: rss, pss and uss
/// (private clean and private dirty pages together).
Result<Amounts> parse_rollup(std::string_view text);

/// The last number of /proc/loadavg: the newest pid of this pid namespace.
Result<pid_t> parse_newest_pid(std::string_view text);

/// Whether /proc/self/mountinfo says that /proc hides the processes of other users (hidepid).
bool hides_processes(std::string_view mountinfo);

/// The pids of /proc/PID/task/TID/children.
std::vector<pid_t> parse_children(std::string_view text);

/// /proc/PID/cmdline as words joined by blanks: words end with NUL bytes, a program that renamed
/// itself may have left several at the end.
std::string parse_command(std::string_view text);

/// The same as words. NUL bytes that a renamed program left behind are no words.
std::vector<std::string> parse_words(std::string_view text);

}  // namespace mprofpp::proc
