#pragma once

#include <string>
#include <string_view>

namespace mprofpp::test {

/// A folder of the test's own. It is removed when the test passes and left behind, its path
/// printed, when the test fails.
class TemporaryFolder {
 public:
  TemporaryFolder();

  const std::string& path() const { return path_; }
  /// The path of `name` in it.
  std::string operator/(std::string_view name) const;
  /// Writes a file into it and answers its path.
  std::string write(std::string_view name, std::string_view bytes) const;

 private:
  std::string path_;
};

}  // namespace mprofpp::test
