#include "mprofpp/inject/socket.hpp"

#include <sched.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <thread>

#include "mprofpp/base/file.hpp"
#include "mprofpp/proc/files.hpp"

namespace mprofpp::inject {
namespace {

constexpr const char* network_namespace = "ns/net";

bool is_of_process(const Fd& socket, pid_t pid) {
  ucred peer{};
  socklen_t size = sizeof peer;
  return ::getsockopt(socket.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.pid == pid;
}

Result<Fd> connect_here(pid_t pid, const std::string& name) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (name.size() >= sizeof address.sun_path)
    return fail(Errc::invalid_argument, name, "is too long for a socket");
  name.copy(address.sun_path, name.size());
  const bool is_abstract = name.starts_with('@');
  if (is_abstract) address.sun_path[0] = '\0';
  const auto size = offsetof(sockaddr_un, sun_path) + name.size() + (is_abstract ? 0 : 1);
  Fd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto* const place = reinterpret_cast<const sockaddr*>(&address);
  if (!socket || ::connect(socket.get(), place, static_cast<socklen_t>(size)) != 0) {
    return fail_errno(errno, name, "cannot connect");
  }
  if (!is_of_process(socket, pid)) return fail(Errc::malformed, name, "belongs to another process");
  return socket;
}

/// Connects in a thread of its own, which enters the process's network namespace.
Result<Fd> connect_there(pid_t pid, const std::string& name) {
  const auto there = open_for_reading(proc::path_of(pid, network_namespace));
  if (!there) return Failure(there.error());
  Result<Fd> socket;
  std::thread([&] {
    socket = ::setns(there->get(), CLONE_NEWNET) == 0
                 ? connect_here(pid, name)
                 : fail_errno(errno, "", "is in another network namespace");
  }).join();
  return socket;
}

bool shares_network(pid_t pid) {
  return proc::read_link(pid, network_namespace).value_or("") ==
         proc::read_link(::getpid(), network_namespace).value_or("");
}

}  // namespace

Result<Fd> connect_to(pid_t pid, const std::string& name) {
  const bool is_elsewhere = name.starts_with('@') && !shares_network(pid);
  return is_elsewhere ? connect_there(pid, name) : connect_here(pid, name);
}

std::string unguessable_name() {
  constexpr std::string_view digits = "0123456789abcdef";
  std::array<std::uint8_t, 16> bytes{};
  (void)::getrandom(bytes.data(), bytes.size(), 0);
  std::string name = "@mprofpp-";
  for (const auto byte : bytes) name.append(1, digits[byte >> 4]).append(1, digits[byte & 15]);
  return name;
}

}  // namespace mprofpp::inject
