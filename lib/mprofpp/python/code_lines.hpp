#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mprofpp::python {

/// A logical line of Python: physical lines that brackets or backslashes join are one line.
struct CodeLine {
  int number = 0;  ///< the number of its first physical line, from 1
  std::size_t indent = 0;
  std::string text;  ///< without comments; string literals are reduced to their quotes
};

/// Returns the lines of a source that contain code. Accepts any bytes.
std::vector<CodeLine> code_lines(std::string_view source);

}  // namespace mprofpp::python
