#include "door/listener.hpp"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "mprofpp/wire/uncancelled.hpp"

namespace mprofpp::agent::door {
namespace {

// Linux 5.9 and 5.11; the headers of older systems lack them
constexpr long close_range = 436;
constexpr unsigned unshare = 1U << 1;

constexpr int backlog = 8;

bool is_abstract(const char* name) {
  return name[0] == '@';
}

/// The address of a socket, with the size that the kernel wants.
struct Address {
  sockaddr_un socket{};
  socklen_t size = 0;  ///< 0 if the name is too long
};

Address address_of(const char* name) {
  Address address;
  const auto length = strlen(name);
  if (length == 0 || length >= sizeof address.socket.sun_path) return address;
  address.socket.sun_family = AF_UNIX;
  memcpy(address.socket.sun_path, name, length);
  if (is_abstract(name)) address.socket.sun_path[0] = '\0';
  const auto end = is_abstract(name) ? length : length + 1;
  address.size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + end);
  return address;
}

bool is_friend(int socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return false;
  return peer.uid == 0 || peer.uid == ::geteuid() || peer.uid == ::getuid();
}

}  // namespace

void leave_descriptors() {
  ::syscall(close_range, 0U, ~0U, unshare);
}

int listen_at(const char* name) {
  const Address address = address_of(name);
  if (address.size == 0) {
    errno = ENAMETOOLONG;
    return -1;
  }
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (socket < 0) return -1;
  const auto* const where = reinterpret_cast<const sockaddr*>(&address.socket);
  const bool is_bound = ::bind(socket, where, address.size) == 0;
  const bool is_private = is_bound && (is_abstract(name) || ::chmod(name, S_IRUSR | S_IWUSR) == 0);
  if (is_private && ::listen(socket, backlog) == 0) return socket;
  const int error = errno;
  wire::uncancelled::close(socket);
  if (is_bound) remove_socket(name);
  errno = error;
  return -1;
}

void remove_socket(const char* name) {
  if (!is_abstract(name)) ::unlink(name);
}

int accept_friend(int listener) {
  const int socket = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (socket < 0 || is_friend(socket)) return socket;
  wire::uncancelled::close(socket);
  return -1;
}

}  // namespace mprofpp::agent::door
