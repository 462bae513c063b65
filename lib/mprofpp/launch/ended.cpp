#include "mprofpp/launch/ended.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <cerrno>
#include <string>

#include "mprofpp/base/file.hpp"
#include "mprofpp/base/text.hpp"

namespace mprofpp::launch {
namespace {

int shell_status(int wait_status) {
  if (WIFSIGNALED(wait_status)) return 128 + WTERMSIG(wait_status);
  return WEXITSTATUS(wait_status);
}

bool is_end(const siginfo_t& info) {
  return info.si_code == CLD_EXITED || info.si_code == CLD_KILLED || info.si_code == CLD_DUMPED;
}

/// Looks at one child after another.
std::optional<pid_t> next_ended_of_each() {
  const auto children = read_file("/proc/thread-self/children").value_or("");
  for (std::string_view rest = children; !rest.empty();) {
    const auto pid = parse_integer<pid_t>(next_word(rest));
    siginfo_t info{};
    const bool is_known =
        pid && ::waitid(P_PID, static_cast<id_t>(*pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0;
    if (is_known && info.si_pid != 0 && is_end(info)) return info.si_pid;
  }
  return std::nullopt;
}

}  // namespace

/// A child that another thread of this process traces is also reported when it stops for that thread, and
/// would hide those that have ended.
std::optional<pid_t> next_ended() {
  siginfo_t info{};
  if (::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0) {
    return std::nullopt;
  }
  return is_end(info) ? std::optional(info.si_pid) : next_ended_of_each();
}

bool has_children() {
  siginfo_t info{};
  return ::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

Ended reap(pid_t pid) {
  int status = 0;
  rusage usage{};
  pid_t reaped = 0;
  do {
    reaped = ::wait4(pid, &status, 0, &usage);
  } while (reaped < 0 && errno == EINTR);
  return Ended{pid, shell_status(status), Bytes::from_kibibytes(usage.ru_maxrss)};
}

void adopt_orphans() {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

}  // namespace mprofpp::launch
