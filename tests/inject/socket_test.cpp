#include "mprofpp/inject/socket.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "support/child.hpp"
#include "support/temporary_folder.hpp"

using namespace mprofpp;
using namespace mprofpp::inject;
using namespace mprofpp::test;

namespace {

/// A process whose descriptor `number` is what `make` returns.
constexpr int number = 50;
template <class Make>
Child child_with(const Make& make) {
  return Child([&] { ::dup2(make(), number); });
}

int one_end(int domain, int type) {
  int ends[2] = {-1, -1};
  ::socketpair(domain, type, 0, ends);
  return ends[0];
}

int listening_at(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
  ::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  ::listen(socket, 1);
  return socket;
}

}  // namespace

TEST_CASE("the connection that a process has made is taken, and closes on exec") {
  const auto child = child_with([] { return one_end(AF_UNIX, SOCK_STREAM); });
  const auto socket = take_socket(child.pid(), number);
  REQUIRE(socket);
  CHECK((::fcntl(socket->get(), F_GETFD) & FD_CLOEXEC) != 0);
}

TEST_CASE("anything else that a process offers is refused") {
  const auto file = child_with([] { return ::open("/etc/passwd", O_RDONLY); });
  const auto datagrams = child_with([] { return one_end(AF_UNIX, SOCK_DGRAM); });
  const auto internet = child_with([] { return ::socket(AF_INET, SOCK_STREAM, 0); });
  const auto unconnected = child_with([] { return ::socket(AF_UNIX, SOCK_STREAM, 0); });
  const int ours = one_end(AF_UNIX, SOCK_STREAM);
  const auto of_another_process = child_with([&] { return ours; });
  for (const auto* const child :
       {&file, &datagrams, &internet, &unconnected, &of_another_process}) {
    const auto socket = take_socket(child->pid(), number);
    REQUIRE_FALSE(socket);
    CHECK(socket.error().code == Errc::malformed);
  }
  CHECK_FALSE(take_socket(file.pid(), number + 1));
  CHECK_FALSE(take_socket(file.pid(), -1));
  ::close(ours);
}

TEST_CASE("a socket is connected to only if the expected process listens there") {
  const TemporaryFolder folder;
  const auto path = folder / "door";
  const Child child([&] { listening_at(path); });
  CHECK(connect_to(child.pid(), path));
  CHECK_FALSE(connect_to(::getpid(), path));
  CHECK_FALSE(connect_to(child.pid(), folder / "nothing"));
  CHECK_FALSE(connect_to(child.pid(), std::string(200, 'x')));
}
