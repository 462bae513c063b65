#include "mprofpp/launch/surroundings.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>

#include <memory>

#include "mprofpp/base/text.hpp"
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

std::vector<int> inherited_descriptors() {
  struct Close {
    void operator()(DIR* directory) const { ::closedir(directory); }
  };
  std::vector<int> descriptors;
  const std::unique_ptr<DIR, Close> directory(::opendir("/proc/self/fd"));
  while (const dirent* entry = directory ? ::readdir(directory.get()) : nullptr) {
    const auto fd = parse_integer<int>(entry->d_name);
    if (!fd) continue;
    const int flags = ::fcntl(*fd, F_GETFD);  // the directory's own descriptor is close-on-exec
    if (flags >= 0 && (flags & FD_CLOEXEC) == 0) descriptors.push_back(*fd);
  }
  return descriptors;
}

}  // namespace

Surroundings take_surroundings() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return Surroundings{blocked_signals(), is_ignored(SIGCHLD), limit.rlim_cur,
                      inherited_descriptors(), Environment::of_this_process()};
}

void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace mprofpp::launch
