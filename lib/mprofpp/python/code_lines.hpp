#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mprofpp::python {

/// A logical line: what brackets and backslashes hold together.
struct CodeLine {
  int number = 0;  ///< of its first line, from 1
  std::size_t indent = 0;
  std::string text;  ///< without comments; what stood between quotes is gone, the quotes are there
};

/// The lines of a source that have code on them. Whatever the bytes, there is an answer.
std::vector<CodeLine> code_lines(std::string_view source);

}  // namespace mprofpp::python
