#include "mprofpp/launch/start_state.hpp"

#include <signal.h>
#include <sys/resource.h>

#include "mprofpp/launch/signals.hpp"

namespace mprofpp::launch {
namespace {

std::uint64_t blocked_signals() {
  sigset_t mask;
  sigemptyset(&mask);
  ::sigprocmask(SIG_SETMASK, nullptr, &mask);
  std::uint64_t bits = 0;
  for (int signal = 1; signal < 64; ++signal) {
    if (sigismember(&mask, signal) == 1) bits |= std::uint64_t{1} << (signal - 1);
  }
  return bits;
}

}  // namespace

StartState read_start_state() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return StartState{blocked_signals(), is_ignored(SIGCHLD), limit.rlim_cur,
                    Environment::of_this_process()};
}

void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace mprofpp::launch
