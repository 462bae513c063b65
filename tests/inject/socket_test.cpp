#include "mprofpp/inject/socket.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>

#include "support/child.hpp"
#include "support/temporary_folder.hpp"

using namespace mprofpp;
using namespace mprofpp::inject;
using namespace mprofpp::test;

namespace {

int listening_at(const std::string& name) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  name.copy(address.sun_path, sizeof address.sun_path - 1);
  const bool is_abstract = name.starts_with('@');
  if (is_abstract) address.sun_path[0] = '\0';
  const auto size = is_abstract ? offsetof(sockaddr_un, sun_path) + name.size() : sizeof address;
  const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
  ::bind(socket, reinterpret_cast<const sockaddr*>(&address), static_cast<socklen_t>(size));
  ::listen(socket, 1);
  return socket;
}

}  // namespace

TEST_CASE("a socket is connected to only if the expected process listens there") {
  const TemporaryFolder folder;
  const auto path = folder / "door";
  const Child child([&] { listening_at(path); });
  CHECK(connect_to(child.pid(), path));
  CHECK_FALSE(connect_to(::getpid(), path));
  CHECK_FALSE(connect_to(child.pid(), folder / "nothing"));
  CHECK_FALSE(connect_to(child.pid(), std::string(200, 'x')));
}

TEST_CASE("a socket may have a name without a file, which nobody guesses") {
  const auto name = unguessable_name();
  CHECK(name != unguessable_name());
  const Child child([&] { listening_at(name); });
  CHECK(connect_to(child.pid(), name));
  CHECK_FALSE(connect_to(child.pid(), unguessable_name()));
}
