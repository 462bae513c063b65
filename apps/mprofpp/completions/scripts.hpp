#pragma once

#include <string>
#include <vector>

#include "completions/commands.hpp"

namespace mprofpp::app {

// Each function fills in a template: the lines of the result replace lines such as `@options@`.

std::string bash_script(const std::string& text, const std::vector<CompletedCommand>& commands);
std::string zsh_script(const std::string& text, const std::vector<CompletedCommand>& commands);
std::string fish_script(const std::string& text, const std::vector<CompletedCommand>& commands);

}  // namespace mprofpp::app
