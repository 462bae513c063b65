#include "mprofpp/proc/thread_state.hpp"

#include <sys/syscall.h>

#include <algorithm>
#include <array>
#include <optional>

#include "mprofpp/base/file.hpp"
#include "mprofpp/base/text.hpp"
#include "mprofpp/proc/files.hpp"

namespace mprofpp::proc {
namespace {

struct Call {
  long number;
  const char* name;
};

/// The system calls in which programs usually wait.
constexpr std::array calls{
#ifdef SYS_epoll_wait  // processors that came later have only the last of these variants
    Call{SYS_epoll_wait, "epoll_wait"},
    Call{SYS_poll, "poll"},
    Call{SYS_select, "select"},
    Call{SYS_pause, "pause"},
#endif
    Call{SYS_epoll_pwait, "epoll_wait"},
    Call{SYS_ppoll, "poll"},
    Call{SYS_pselect6, "select"},
    Call{SYS_futex, "futex"},
    Call{SYS_nanosleep, "nanosleep"},
    Call{SYS_clock_nanosleep, "nanosleep"},
    Call{SYS_read, "read"},
    Call{SYS_readv, "read"},
    Call{SYS_pread64, "read"},
    Call{SYS_write, "write"},
    Call{SYS_writev, "write"},
    Call{SYS_fsync, "fsync"},
    Call{SYS_flock, "flock"},
    Call{SYS_fcntl, "fcntl"},
    Call{SYS_ioctl, "ioctl"},
    Call{SYS_wait4, "wait4"},
    Call{SYS_waitid, "waitid"},
    Call{SYS_accept, "accept"},
    Call{SYS_accept4, "accept"},
    Call{SYS_connect, "connect"},
    Call{SYS_recvfrom, "recv"},
    Call{SYS_recvmsg, "recv"},
    Call{SYS_sendto, "send"},
    Call{SYS_sendmsg, "send"},
    Call{SYS_rt_sigtimedwait, "sigwait"},
    Call{SYS_rt_sigsuspend, "sigsuspend"},
    Call{SYS_semtimedop, "semop"},
    Call{SYS_msgrcv, "msgrcv"},
    Call{SYS_openat, "open"},
};

const char* name_of(std::string_view system_call) {
  const auto number = parse_integer<long>(system_call.substr(0, system_call.find_first_of(" \n")));
  if (!number) return nullptr;
  const auto* const found = std::find_if(calls.begin(), calls.end(),
                                         [&](const Call& call) { return call.number == *number; });
  return found == calls.end() ? nullptr : found->name;
}

std::string content_of(pid_t pid, pid_t thread, std::string_view file) {
  return read_file(path_of(pid, thread, file)).value_or("");
}

std::string read_state(pid_t pid, pid_t thread) {
  const auto stat = parse_stat(content_of(pid, thread, "stat"));
  if (!stat) return {};
  const auto call = stat->state == 'S' ? content_of(pid, thread, "syscall") : "";
  const bool needs_wait = stat->state == 'S' && name_of(call) == nullptr;
  return thread_state_text(stat->state, call, needs_wait ? content_of(pid, thread, "wchan") : "");
}

/// Returns true if the process is in a pid namespace within ours, where its threads have other numbers.
bool has_other_numbers(pid_t pid) {
  const auto status = read_status(pid);
  return status && status->innermost_pid != 0 && status->innermost_pid != pid;
}

std::optional<pid_t> number_within(pid_t pid, pid_t thread) {
  const auto status = parse_status(content_of(pid, thread, "status"));
  if (!status) return std::nullopt;
  return status->innermost_pid;
}

}  // namespace

std::string thread_state_text(char state, std::string_view system_call, std::string_view wait) {
  switch (state) {
    case 'R':
      return "running";
    case 'D':
      return "waiting for a disk or a device";
    case 'T':
      return "stopped by a signal";
    case 't':
      return "stopped by a debugger";
    case 'S':
      break;
    default:
      return {};
  }
  if (const char* const name = name_of(system_call)) return std::string("waiting in ") + name;
  if (system_call.starts_with("running")) return "running";
  if (wait.empty() || wait == "0") return "waiting";
  return "waiting in " + visible(wait);
}

std::map<pid_t, std::string> read_thread_states(pid_t pid) {
  std::map<pid_t, std::string> states;
  const bool is_elsewhere = has_other_numbers(pid);
  for (const auto thread : read_threads(pid)) {
    const auto number = is_elsewhere ? number_within(pid, thread) : std::optional(thread);
    auto state = read_state(pid, thread);
    if (number && !state.empty()) states.emplace(*number, std::move(state));
  }
  return states;
}

}  // namespace mprofpp::proc
