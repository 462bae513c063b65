#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace mprofpp::proc {

/// A TCP socket that waits for connections.
struct ListeningSocket {
  std::uint64_t inode = 0;
  std::uint16_t port = 0;

  friend bool operator==(const ListeningSocket&, const ListeningSocket&) = default;
};

/// Parses /proc/net/tcp or tcp6: returns its listening sockets. Lines of another form are skipped.
std::vector<ListeningSocket> parse_listening(std::string_view text);

/// Returns the TCP ports at which the processes listen, each once and ascending. Each process is examined in
/// its own network namespace. A process that is gone, or may not be examined, has none.
std::vector<std::uint16_t> listening_ports(const std::vector<pid_t>& pids);

/// Returns a process that listens at the TCP port in the network namespace of this process; nothing if there
/// is none, or if it belongs to another user.
std::optional<pid_t> find_listener(std::uint16_t port);

/// Returns all descendants of a process, parents before their children.
std::vector<pid_t> descendants_of(pid_t pid);

}  // namespace mprofpp::proc
