#include "mprofpp/inject/descriptor.hpp"

#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <optional>

namespace mprofpp::inject {
namespace {

template <class Value>
std::optional<Value> option(const Fd& socket, int name) {
  Value value{};
  socklen_t size = sizeof value;
  if (::getsockopt(socket.get(), SOL_SOCKET, name, &value, &size) != 0) return std::nullopt;
  return value;
}

bool is_expected(const Fd& socket, pid_t pid) {
  if (option<int>(socket, SO_DOMAIN) != AF_UNIX || option<int>(socket, SO_TYPE) != SOCK_STREAM)
    return false;
  const auto peer = option<ucred>(socket, SO_PEERCRED);
  return option<int>(socket, SO_ACCEPTCONN) == 0 && peer && peer->pid == pid;
}

}  // namespace

Result<Fd> take_socket(pid_t pid, int descriptor) {
  const Fd process(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  if (!process && errno == ESRCH) return fail(Errc::vanished, "", "has ended");
  Fd socket(process ? static_cast<int>(::syscall(SYS_pidfd_getfd, process.get(), descriptor, 0))
                    : -1);
  if (!socket && errno == ENOSYS) return fail(Errc::unsupported, "", "needs Linux 5.6 or later");
  if (!socket) return fail_errno(errno, "", "does not pass on its connection");
  if (!is_expected(socket, pid))
    return fail(Errc::malformed, "", "offers something that is not a connection");
  return socket;
}

}  // namespace mprofpp::inject
