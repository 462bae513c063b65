#include "loadtest/connection.hpp"

#include <netdb.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <memory>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "mprofpp/base/fd.hpp"
#include "mprofpp/base/text.hpp"

namespace mprofpp::app {
namespace {

using Clock = std::chrono::steady_clock;
using Places = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

Places resolved(const WebAddress& address, int flags) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = flags;
  addrinfo* found = nullptr;
  const auto port = std::to_string(address.port);
  if (::getaddrinfo(address.host.c_str(), port.c_str(), &wanted, &found) != 0) found = nullptr;
  return {found, &::freeaddrinfo};
}

/// Waits for the events on one descriptor until the patience ends.
class Wait {
 public:
  explicit Wait(const Patience& patience)
      : end_(Clock::now() + patience.time), interrupt_(patience.interrupt) {}

  bool until(int fd, short events) const {
    std::array<pollfd, 2> waited = {pollfd{fd, events, 0}, pollfd{interrupt_, POLLIN, 0}};
    while (true) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(end_ - Clock::now()).count();
      if (left <= 0) return false;
      const int ready = ::poll(waited.data(), waited.size(), static_cast<int>(left));
      if (ready < 0 && errno == EINTR) continue;
      return ready > 0 && waited[0].revents != 0 && waited[1].revents == 0;
    }
  }

 private:
  Clock::time_point end_;
  int interrupt_;
};

/// The look-up of a name in a thread of its own.
struct Lookup {
  Places places{nullptr, &::freeaddrinfo};
  Fd done;  ///< readable once `places` is set
};

/// Looks up a host. A name server may be slow, and no signal interrupts getaddrinfo(); so a look-up that
/// takes too long is left alone.
Places places_of(const WebAddress& address, const Wait& wait) {
  if (auto places = resolved(address, AI_NUMERICHOST)) return places;
  Places none{nullptr, &::freeaddrinfo};
  const auto lookup = std::make_shared<Lookup>();
  lookup->done = Fd(::eventfd(0, EFD_CLOEXEC));
  if (!lookup->done) return none;
  try {
    std::thread([lookup, address] {
      lookup->places = resolved(address, 0);
      ::eventfd_write(lookup->done.get(), 1);
    }).detach();
  } catch (const std::system_error&) {  // there are too many threads
    return none;
  }
  if (!wait.until(lookup->done.get(), POLLIN)) return none;
  return std::move(lookup->places);
}

bool is_connected(int fd) {
  int error = 0;
  socklen_t size = sizeof error;
  return ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0;
}

/// Returns a connection; an empty descriptor if nothing accepts one.
Fd connect_to(const WebAddress& address, const Wait& wait) {
  const auto places = places_of(address, wait);
  for (const auto* place = places.get(); place != nullptr; place = place->ai_next) {
    Fd fd(::socket(place->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!fd) continue;
    if (::connect(fd.get(), place->ai_addr, place->ai_addrlen) == 0) return fd;
    if (errno == EINPROGRESS && wait.until(fd.get(), POLLOUT) && is_connected(fd.get())) return fd;
  }
  return {};
}

/// Parses "HTTP/1.1 200 OK".
std::optional<int> status_of(std::string_view answer) {
  if (!answer.starts_with("HTTP/")) return std::nullopt;
  const auto space = answer.find(' ');
  if (space == std::string_view::npos || answer.size() < space + 4) return std::nullopt;
  return parse_integer<int>(answer.substr(space + 1, 3));
}

}  // namespace

bool accepts_connections(const WebAddress& address, const Patience& patience) {
  return static_cast<bool>(connect_to(address, Wait(patience)));
}

std::optional<int> get_status(const WebAddress& address, const Patience& patience) {
  constexpr std::size_t longest_status_line = 512;
  const Wait wait(patience);
  const auto fd = connect_to(address, wait);
  if (!fd) return std::nullopt;
  const bool is_v6 = address.host.find(':') != std::string::npos;
  const auto host = is_v6 ? "[" + address.host + "]" : address.host;
  const auto request = "GET " + address.path + " HTTP/1.0\r\nHost: " + host + ":" +
                       std::to_string(address.port) + "\r\nUser-Agent: mprofpp\r\n\r\n";
  const auto sent = ::send(fd.get(), request.data(), request.size(), MSG_NOSIGNAL);
  if (sent != static_cast<ssize_t>(request.size())) return std::nullopt;
  std::string answer;
  while (answer.size() < longest_status_line) {
    std::array<char, longest_status_line> part;
    if (!wait.until(fd.get(), POLLIN)) return std::nullopt;
    const auto length = ::recv(fd.get(), part.data(), part.size(), 0);
    if (length <= 0) break;
    answer.append(part.data(), static_cast<std::size_t>(length));
    if (const auto status = status_of(answer)) return status;
  }
  return std::nullopt;
}

}  // namespace mprofpp::app
