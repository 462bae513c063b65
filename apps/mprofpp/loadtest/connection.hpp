#pragma once

#include <optional>

#include "loadtest/web_address.hpp"
#include "mprofpp/base/instant.hpp"

namespace mprofpp::app {

/// The time for a connection, and a descriptor that ends it early once it is readable.
struct Patience {
  Duration time;
  int interrupt = -1;
};

/// Returns true if something accepts TCP connections at the address. Connects and closes at once.
bool accepts_connections(const WebAddress& address, const Patience& patience);

/// Sends a GET request and returns the status of the answer; nothing without an answer in time.
std::optional<int> get_status(const WebAddress& address, const Patience& patience);

}  // namespace mprofpp::app
