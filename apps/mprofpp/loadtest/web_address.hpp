#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mprofpp/base/result.hpp"

namespace mprofpp::app {

/// The parts of an address such as http://127.0.0.1:8000/users that a connection needs.
struct WebAddress {
  std::string host;  ///< without the brackets of an IPv6 address
  std::uint16_t port = 0;
  std::string path = "/";
  bool is_encrypted = false;  ///< https

  /// Returns true for an address of this machine: of the loopback, of a network interface, or its own name.
  bool is_local() const;

  friend bool operator==(const WebAddress&, const WebAddress&) = default;
};

/// Parses a whole text as an address; http:// may be left out. Returns nothing if it is not an address.
std::optional<WebAddress> parse_address(std::string_view text);

/// Returns the addresses within a command line: those with http:// or https://, and those such as
/// 127.0.0.1:8000/ or localhost:8000. One without a port that may be the start of a longer one, as in
/// `U=http://127.0.0.1; curl $U:8000/`, is left out.
std::vector<WebAddress> find_addresses(std::string_view command);

/// Returns the first of find_addresses() that is on this machine: the service. A further one may be something
/// that the load needs.
std::optional<WebAddress> find_local_address(std::string_view command);

}  // namespace mprofpp::app
