#pragma once

#include <string>
#include <vector>

namespace mprofpp::python {

/// The sources that an interpreter's command line makes it run.
struct Sources {
  std::string code;  ///< the code of -c; empty if there is none
  /// Files that may contain the program, the likeliest first, relative to the folder it runs in: the script
  /// or the module, and the application that a server is to serve.
  std::vector<std::string> files;
};

/// Finds the sources in a command line, whose first argument is the interpreter.
Sources sources_of(const std::vector<std::string>& command);

}  // namespace mprofpp::python
