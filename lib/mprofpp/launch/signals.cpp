#include "mprofpp/launch/signals.hpp"

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace mprofpp::launch {
namespace {

constexpr std::array accepted = {SIGINT,  SIGTERM, SIGHUP,  SIGQUIT,  SIGUSR1, SIGUSR2,
                                 SIGALRM, SIGABRT, SIGCHLD, SIGWINCH, SIGCONT};

sigset_t all_accepted() {
  sigset_t all;
  sigemptyset(&all);
  for (const int signal : accepted) sigaddset(&all, signal);
  for (int signal = SIGRTMIN; signal <= SIGRTMAX; ++signal) sigaddset(&all, signal);
  return all;
}

}  // namespace

bool is_ignored(int signal) {
  struct sigaction action {};
  return ::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

Result<SignalInbox> SignalInbox::open() {
  const sigset_t wanted = all_accepted();
  sigset_t blocked = wanted;
  sigaddset(&blocked, SIGPIPE);
  ::sigprocmask(SIG_BLOCK, &blocked, nullptr);
  // it may be ignored when we are started; then the kernel reaps children itself and reports none
  ::signal(SIGCHLD, SIG_DFL);
  Fd fd(::signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!fd) return fail_errno(errno, "signalfd", "cannot listen for signals");
  return SignalInbox(std::move(fd));
}

std::vector<Signal> SignalInbox::take() {
  std::vector<Signal> signals;
  signalfd_siginfo info{};
  while (::read(fd_.get(), &info, sizeof info) == static_cast<ssize_t>(sizeof info)) {
    const auto sender =
        info.ssi_code == SI_KERNEL ? Signal::Sender::kernel : Signal::Sender::process;
    signals.push_back({static_cast<int>(info.ssi_signo), sender, static_cast<pid_t>(info.ssi_pid)});
  }
  return signals;
}

}  // namespace mprofpp::launch
