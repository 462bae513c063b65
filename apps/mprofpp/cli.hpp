#pragma once

#include <string>
#include <vector>

#include "console.hpp"

namespace mprofpp::app {

/// Finds the command in `words` (the command line without the program's name), lets CLI11 fill its
/// options, runs it and answers the exit status.
int dispatch(const std::vector<std::string>& words, const Console& console);

}  // namespace mprofpp::app
