#pragma once

#include <string>
#include <vector>

namespace mprofpp::app {

enum class Python {
  by_name,  ///< a first word that ends in .py and is a file is a Python script
  always,   ///< --python: whatever it is, Python runs it
  never     ///< --nopython
};

/// `words` with an interpreter in front where one is needed: `x.py` becomes `python3 x.py` unless the
/// file can execute itself (a path with a slash, the executable bit and a #! line); with
/// Python::always a word that is no file is a module (`python3 -m`).
std::vector<std::string> with_interpreter(std::vector<std::string> words, Python python);

}  // namespace mprofpp::app
