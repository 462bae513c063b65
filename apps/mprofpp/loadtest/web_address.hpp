#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mprofpp/base/result.hpp"

namespace mprofpp::app {

/// The parts of an address such as http://127.0.0.1:8000/users that a connection needs.
struct WebAddress {
  std::string host;  ///< without the brackets of an IPv6 address
  std::uint16_t port = 0;
  std::string path = "/";
  bool is_encrypted = false;  ///< https

  /// Returns true for an address of this machine.
  bool is_local() const;

  friend bool operator==(const WebAddress&, const WebAddress&) = default;
};

/// Parses a whole text as an address; http:// may be left out. Returns nothing if it is none.
std::optional<WebAddress> parse_address(std::string_view text);

/// Returns the first http:// or https:// address within a command line; nothing if there is none.
std::optional<WebAddress> find_address(std::string_view command);

}  // namespace mprofpp::app
