#pragma once

#include "console/console.hpp"
#include "inspection/opened_door.hpp"
#include "mprofpp/inspect/requests.hpp"

namespace mprofpp::app {

/// How code is run.
struct RunOptions {
  inspect::Runner runner = inspect::Runner::agent;
  Duration patience{};
};

/// Reads code from the terminal and runs it in the program, until the user leaves. Returns the exit status.
int run_prompt(pid_t pid, OpenedDoor& door, const RunOptions& options, const Console& console);

}  // namespace mprofpp::app
