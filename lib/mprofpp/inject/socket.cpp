#include "mprofpp/inject/socket.hpp"

#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
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

Result<Fd> connect_to(pid_t pid, const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path)
    return fail(Errc::invalid_argument, path, "is too long");
  path.copy(address.sun_path, path.size());
  Fd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto* const place = reinterpret_cast<const sockaddr*>(&address);
  if (!socket || ::connect(socket.get(), place, sizeof address) != 0) {
    return fail_errno(errno, path, "cannot connect");
  }
  if (!is_expected(socket, pid)) return fail(Errc::malformed, path, "belongs to another process");
  return socket;
}

}  // namespace mprofpp::inject
