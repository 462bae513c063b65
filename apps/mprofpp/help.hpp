#pragma once

#include <string>

#include <CLI/App.hpp>

#include "command.hpp"

namespace mprofpp::app {

/// What `mprofpp --help` prints: enough to begin with.
std::string general_help();

/// What `mprofpp COMMAND --help` prints: usage, options, and the examples of the app's footer.
std::string command_help(const CommandEntry& entry, const Command& command, const CLI::App& app);

}  // namespace mprofpp::app
