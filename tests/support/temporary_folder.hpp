#pragma once

#include <string>
#include <string_view>

namespace mprofpp::test {

/// A temporary folder for one test. It is removed when the test passes. When the test fails, the folder
/// stays and its path is printed.
class TemporaryFolder {
 public:
  TemporaryFolder();

  const std::string& path() const { return path_; }
  /// Returns the path of `name` in the folder.
  std::string operator/(std::string_view name) const;
  /// Writes a file into the folder and returns its path.
  std::string write(std::string_view name, std::string_view bytes) const;

 private:
  std::string path_;
};

}  // namespace mprofpp::test
