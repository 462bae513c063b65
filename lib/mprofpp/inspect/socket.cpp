#include "mprofpp/inspect/socket.hpp"

#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>

namespace mprofpp::inspect {
namespace {

bool is_of_process(const Fd& socket, pid_t pid) {
  ucred peer{};
  socklen_t size = sizeof peer;
  return ::getsockopt(socket.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.pid == pid;
}

}  // namespace

Result<Fd> connect_to_process(pid_t pid, const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path)
    return fail(Errc::not_found, path, "is too long for a socket");
  path.copy(address.sun_path, path.size());
  Fd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket) return fail_errno(errno, path, "cannot make a socket");
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    if (errno == ECONNREFUSED) return fail(Errc::not_found, path, "nothing listens there");
    return fail_errno(errno, path, "cannot connect");
  }
  if (!is_of_process(socket, pid)) return fail(Errc::malformed, path, "belongs to another process");
  return socket;
}

}  // namespace mprofpp::inspect
