#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "mprofpp/base/fd.hpp"
#include "mprofpp/base/result.hpp"

namespace mprofpp::app {

/// A file without a name that takes the output of a program. A file, and not a pipe: the program never waits
/// for a reader. The file does not grow without limit if drop_old() is called now and then.
class OutputFile {
 public:
  /// Errors: io.
  static Result<OutputFile> open();

  int fd() const { return fd_.get(); }
  /// Returns what was written since the last call, at most 1 MiB of it. If a part of that was dropped, a line
  /// with its size comes first.
  std::string take_new();
  /// Frees the space of all output but the last MiB or two.
  void drop_old();
  /// Returns the last `bytes` of the output.
  std::string tail(std::size_t bytes) const;

 private:
  explicit OutputFile(Fd fd) : fd_(std::move(fd)) {}
  std::size_t size() const;

  Fd fd_;
  std::size_t taken_ = 0;
  std::size_t dropped_ = 0;
};

/// Returns the last lines of a text that are not empty, with control characters made visible.
std::string last_lines(std::string_view text, std::size_t count);

}  // namespace mprofpp::app
