#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "support/temporary_folder.hpp"

namespace mprofpp::test {

/// A program or library compiled in a folder of the test's own, and what was made of it.
class Workshop {
 public:
  /// `compiler` is g++ or clang++.
  explicit Workshop(std::string compiler = "g++") : compiler_(std::move(compiler)) {}

  /// The compiler can be started.
  bool is_open() const;

  /// Compiles C++ and answers the path; debug information is what the options say.
  std::string compile(const std::string& name, const std::string& source,
                      const std::string& options) const;

  /// Runs a command of the shell in the folder. The test fails when the command does.
  void run(const std::string& command) const;

  /// The functions of the file, mangled, by address, as nm sees them. One name of each address.
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
