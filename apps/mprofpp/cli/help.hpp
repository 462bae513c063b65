#pragma once

#include <string>

#include "cli/bound_command.hpp"

namespace mprofpp::app {

/// Returns "mprofpp 0.1.0\n".
std::string version_text();

/// Returns the text of `mprofpp --help`, which teaches enough to start with.
std::string general_help();

/// Returns the text of `mprofpp COMMAND --help`: usage, description and options, then the command's footer
/// with examples.
std::string command_help(const BoundCommand& bound);

}  // namespace mprofpp::app
