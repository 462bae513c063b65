#include "mprofpp/launch/watch.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <string>

namespace mprofpp::launch {

Result<Fd> watch_process(pid_t pid) {
  Fd fd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));  // close-on-exec by itself
  if (!fd) return fail_errno(errno, std::to_string(pid), "no such process");
  return fd;
}

}  // namespace mprofpp::launch
