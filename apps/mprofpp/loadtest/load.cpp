#include "loadtest/load.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>

#include "loadtest/exit_text.hpp"
#include "mprofpp/base/text.hpp"

namespace mprofpp::app {
namespace {

constexpr const char* load_option = "--load";

/// Becomes the shell. Called in the child of a fork.
[[noreturn]] void become_shell(const std::string& command, int output, const sigset_t& mask,
                               pid_t parent) {
  constexpr int not_executable = 126;
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(not_executable);  // it was killed before that
  const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  ::dup2(nothing, STDIN_FILENO);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(output, STDERR_FILENO);
  ::sigprocmask(SIG_SETMASK, &mask, nullptr);
  ::signal(SIGPIPE, SIG_DFL);
  ::signal(SIGXFSZ, SIG_DFL);
  ::execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
  ::_exit(not_executable);
}

}  // namespace

Result<Load> Load::start(const std::string& command, const sigset_t& mask, Watch& watch) {
  auto output = OutputFile::open();
  if (!output) return Failure(output.error());
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) return fail_errno(errno, load_option, "cannot start a process");
  if (pid == 0) become_shell(command, output->fd(), mask, parent);
  ::setpgid(pid, pid);  // here too, so that the group exists even if the child is slower
  watch.add(pid, Watch::Group::is_killed);
  return Load(watch, pid, std::move(*output));
}

Load::~Load() {
  if (pid_ == 0) return;
  if (!status()) ::kill(-pid_, SIGKILL);
  watch_.remove(pid_);
}

LoadResult result_of(const Load& load, int status) {
  constexpr std::size_t enough = 1 << 20;
  LoadResult result{status, load.output().tail(enough), {}};
  result.counts = count_requests(result.output);
  return result;
}

Result<void> check_load(const std::string& command, const LoadResult& result) {
  const auto quoted = "'" + visible(command) + "'";
  if (result.status != 0) {
    constexpr int not_found = 127;
    const auto* const hint = result.status == not_found ? "is the program installed?" : "";
    return fail(Errc::io, load_option, quoted + " " + exit_text(result.status), hint);
  }
  const auto& counts = result.counts;
  if (!counts) return {};
  if (counts->complete == 0) return fail(Errc::io, load_option, quoted + " completed no request");
  if (counts->failed < counts->complete) return {};
  const auto all = "all " + counted(counts->complete, "request", "requests") + " of " + quoted;
  if (counts->other_status < counts->complete)
    return fail(Errc::io, load_option, all + " failed", "is the address right?");
  return fail(Errc::malformed, load_option, all + " had another status than 2xx",
              "a redirect, or an address that does not exist?");
}

}  // namespace mprofpp::app
