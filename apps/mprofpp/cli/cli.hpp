#pragma once

#include "cli/arguments.hpp"
#include "console/console.hpp"

namespace mprofpp::app {

/// Finds the command in the arguments (those after the program's name), fills its options, runs it
/// and returns the exit status.
int dispatch(const Arguments& arguments, Console& console);

}  // namespace mprofpp::app
