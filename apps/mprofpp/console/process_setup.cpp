#include "console/process_setup.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <initializer_list>

namespace mprofpp::app {

void occupy_standard_descriptors() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(fd, F_GETFD) >= 0) continue;
    // open() uses the lowest free number, which is this one. Stdout is opened for reading only, so
    // that printing a result fails: no process would get it
    const int mode = fd == STDOUT_FILENO ? O_RDONLY : O_RDWR;
    (void)::open("/dev/null", mode | O_CLOEXEC);
  }
}

void report_file_size_limit() {
  struct sigaction action {};
  if (::sigaction(SIGXFSZ, nullptr, &action) != 0 || action.sa_handler == SIG_IGN) return;
  // an empty handler, because exec resets it; a program would inherit an ignored or blocked signal
  action.sa_handler = [](int) {};
  action.sa_flags = SA_RESTART;
  ::sigaction(SIGXFSZ, &action, nullptr);
}

Result<int> hand_over_stdout() {
  constexpr int first_free = 3;
  const int fd = ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, first_free);
  if (fd < 0 || ::dup2(STDERR_FILENO, STDOUT_FILENO) < 0) {
    return fail_errno(errno, "-o -", "cannot write to stdout");
  }
  return fd;
}

}  // namespace mprofpp::app
