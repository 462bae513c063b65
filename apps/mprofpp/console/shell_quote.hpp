#pragma once

#include <string>

namespace mprofpp::app {

/// Returns a path as an argument for a shell, on one line: as it is if it has only letters, digits and a few
/// other characters, else in quotes. A path with control characters becomes $'…', which bash, zsh and ksh
/// understand.
std::string quoted_for_shell(const std::string& path);

}  // namespace mprofpp::app
