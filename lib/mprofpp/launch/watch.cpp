#include "mprofpp/launch/watch.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <string>

namespace mprofpp::launch {

Result<Fd> watch_process(pid_t pid) {
  Fd fd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));  // close-on-exec by itself
  if (fd) return fd;
  const int error = errno;
  const auto place = std::to_string(pid);
  if (error == ESRCH) return fail(Errc::vanished, place, "no such process");
  if (error == ENOSYS || error == EPERM || error == EACCES) {
    return fail(Errc::unsupported, place, "pidfd_open is not available");
  }
  return fail_errno(error, place, "cannot be watched");
}

}  // namespace mprofpp::launch
