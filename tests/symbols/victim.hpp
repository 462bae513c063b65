#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "support/temporary_folder.hpp"

namespace mprofpp::test {

/// Compiles programs and libraries in a folder of its own and inspects them.
class Workshop {
 public:
  /// `compiler` is g++ or clang++.
  explicit Workshop(std::string compiler = "g++") : compiler_(std::move(compiler)) {}

  /// Returns true if the compiler can be started.
  bool is_open() const;

  /// Compiles C++ and returns the path. The options determine the debug information.
  std::string compile(const std::string& name, const std::string& source,
                      const std::string& options) const;

  /// Runs a shell command in the folder. The test fails if the command does.
  void run(const std::string& command) const;

  /// Returns the functions of the file by address, mangled, as nm lists them.
  std::multimap<std::uint64_t, std::string> functions_of(const std::string& name,
                                                         const std::string& options = "") const;

  std::string path(const std::string& name) const { return folder_ / name; }
  std::string folder() const { return folder_.path(); }

 private:
  std::string compiler_;
  TemporaryFolder folder_;
};

/// Functions of all kinds: in namespaces, templates, operators, lambdas, hidden ones.
extern const char* const source_of_program;
extern const char* const source_of_library;

}  // namespace mprofpp::test
