#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mprofpp::app {

/// Replaces the line `@name@` of a template, which must have it.
std::string with_lines(const std::string& text, std::string_view name, const std::string& lines);

/// Returns `text` with a backslash before each of the characters.
std::string escaped(std::string_view text, std::string_view characters);

std::string joined(const std::vector<std::string>& words, std::string_view separator);

}  // namespace mprofpp::app
