#pragma once

#include <sys/types.h>

#include <optional>

#include "mprofpp/base/instant.hpp"
#include "mprofpp/base/result.hpp"
#include "mprofpp/inspect/client.hpp"

namespace mprofpp::app {

/// A connection to the agent in a program.
struct OpenedDoor {
  inspect::Client client;
  std::optional<Duration> stopped;  ///< how long the program was stopped; nothing if it was not
};

/// Opens the door of a Python program, or uses the one that is open. Programs that mprofpp run has started
/// have our agent already; others get it. The place of an error is the process.
/// Errors: those of inject::open_door() and inspect::say_hello().
Result<OpenedDoor> open_door(pid_t pid);

/// Returns the name of a process for messages: "process 1234".
std::string place_of(pid_t pid);
/// Returns the error of a request with the process as its place, and what to type next.
Error at_process(pid_t pid, Error error);

/// Parses the value of --max-pause. Errors: invalid_argument.
Result<Duration> parse_max_pause(const std::string& text);

}  // namespace mprofpp::app
