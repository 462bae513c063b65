#pragma once

#include <string>
#include <vector>

namespace mprofpp::app {

/// Returns a path as an argument for a shell, on one line: as it is if it has only letters, digits and a few
/// other characters, else in quotes. A path with control characters becomes $'…', which bash, zsh and ksh
/// understand.
std::string quoted_for_shell(const std::string& path);

/// Returns a command and its arguments as they can be typed into a shell, on one line.
std::string command_for_shell(const std::vector<std::string>& command);

}  // namespace mprofpp::app
