#include "mprofpp/proc/listening.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>

#include "mprofpp/base/fd.hpp"

using namespace mprofpp;
using namespace mprofpp::proc;

namespace {

/// A socket that listens at a port that the kernel chose.
struct Listening {
  Fd fd{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  std::uint16_t port = 0;

  Listening() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    REQUIRE(::bind(fd.get(), any, size) == 0);
    REQUIRE(::listen(fd.get(), 1) == 0);
    REQUIRE(::getsockname(fd.get(), any, &size) == 0);
    port = ntohs(address.sin_port);
  }
};

bool listens_at(std::uint16_t port) {
  const auto ports = listening_ports({::getpid()});
  return std::find(ports.begin(), ports.end(), port) != ports.end();
}

}  // namespace

TEST_CASE("listening sockets are read from the table of the kernel") {
  const auto sockets = parse_listening(
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
      "   0: 0100007F:1F40 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1234 1 "
      "0000 100 0 0 10 0\n"
      "   1: 0100007F:1F41 0100007F:9999 01 00000000:00000000 00:00000000 00000000     0        0 1235 1 0\n"
      "   2: 00000000000000000000000001000000:0050 00000000000000000000000000000000:0000 0A "
      "00000000:00000000 00:00000000 00000000     0        0 1236 1 0\n"
      "   3: bad\n");
  CHECK(sockets == std::vector<ListeningSocket>{{1234, 8000}, {1236, 80}});
}

TEST_CASE("a process listens at the ports of its listening sockets") {
  std::uint16_t port = 0;
  {
    const Listening listening;
    port = listening.port;
    CHECK(listens_at(port));
    CHECK(find_listener(port) == ::getpid());
  }
  CHECK_FALSE(listens_at(port));
}

TEST_CASE("a process that does not exist listens nowhere") {
  CHECK(listening_ports({-1}).empty());
}
