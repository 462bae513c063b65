#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "mprofpp/base/fd.hpp"
#include "mprofpp/base/result.hpp"

namespace mprofpp::app {

/// A file without a name that takes the output of a program. A file, and not a pipe: the program never waits
/// for a reader.
class OutputFile {
 public:
  /// Errors: io.
  static Result<OutputFile> open();

  int fd() const { return fd_.get(); }
  /// Returns what was written since the last call, at most 1 MiB of it.
  std::string take_new();
  /// Returns the last `bytes` of the output.
  std::string tail(std::size_t bytes) const;

 private:
  explicit OutputFile(Fd fd) : fd_(std::move(fd)) {}
  std::size_t size() const;

  Fd fd_;
  std::size_t taken_ = 0;
};

/// Returns the last lines of a text that are not empty, with control characters made visible.
std::string last_lines(std::string_view text, std::size_t count);

}  // namespace mprofpp::app
