#pragma once

#include <string>
#include <vector>

namespace mprofpp::python {

/// What the words behind an interpreter's name make it run.
struct Sources {
  std::string code;  ///< of -c; empty if there is none
  /// Files that may have the program, the likeliest first, relative to the folder it runs in: the
  /// script or the module, and the application that a server is told to serve.
  std::vector<std::string> files;
};

Sources sources_of(const std::vector<std::string>& words);

}  // namespace mprofpp::python
