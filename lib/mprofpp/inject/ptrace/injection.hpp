#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "mprofpp/inject/door.hpp"
#include "mprofpp/inject/memory.hpp"
#include "mprofpp/inject/runtime.hpp"

namespace mprofpp::inject {

/// The order for a process.
struct Order {
  pid_t pid = 0;
  pid_t pid_inside = 0;  ///< in the process's own pid namespace
  std::string agent_name;
  std::string agent;  ///< the bytes of the library
  std::vector<std::string> request;
};

/// The result of an order that was carried out.
struct Entered {
  LoadedAgent agent;
  Duration stopped{};
};

/// Errors: unsupported on processors on which no test has entered a process.
Result<void> check_processor();

/// Makes the process call the agent's function, by stopping its first thread for a moment. Errors: those of
/// open_door().
Result<Entered> enter_by_tracing(const Order& order, const Limits& limits);

}  // namespace mprofpp::inject
