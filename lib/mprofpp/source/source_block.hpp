#pragma once

#include <string>
#include <vector>

namespace mprofpp::source {

/// Returns the number of the last line of a function, class or lambda whose first line is number
/// `first_line`: that of its first decorator if it has one. Lines are counted from 1. The rules are those of
/// Python's inspect.getblock(): comments behind the last statement belong to the function if they are
/// indented at least as far as its body. Accepts lines that are not Python. `first_line` must be one of them.
int last_line_of(const std::vector<std::string>& lines, int first_line);

}  // namespace mprofpp::source
