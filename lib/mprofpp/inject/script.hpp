#pragma once

#include <optional>

#include "mprofpp/inject/ptrace/injection.hpp"

namespace mprofpp::inject {

/// Asks a Python from 3.14 on to load the agent (PEP 768), without stopping it. Returns nothing if that does
/// not work at this moment, and tracing may: an older Python, a main thread that runs no Python, an agent
/// that is already loaded. Errors: denied if the program forbids it.
///
/// The request is in the file `request` next to the library, whose PyInit_mprofpp_door reads it.
Result<std::optional<Entered>> enter_by_script(const Order& order);

}  // namespace mprofpp::inject
