#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "mprofpp/base/fd.hpp"
#include "mprofpp/base/result.hpp"

namespace mprofpp::store {

enum class Overwrite { no, yes };

/// A recording being written. Every append is whole lines in one write(2), so a recorder that is
/// killed leaves at most one torn line, and a full disk leaves none: what did not fit is cut off again.
class Writer {
 public:
  /// Creates the file. Overwrite::yes replaces an existing one, but not before the first append: a
  /// program that cannot be started costs nobody their old recording.
  /// Errors: exists (with Overwrite::no), denied, not_found (its folder), io.
  static Result<Writer> create(const std::string& path, Overwrite overwrite);

  Result<void> append(std::string_view whole_lines);

  /// Whether the file has lost its last name: what was written goes away with this object.
  bool was_removed() const;

  /// Removes the file if this object created it and nothing was appended.
  void discard_if_unused();

  const std::string& path() const { return path_; }
  std::uint64_t bytes_written() const { return size_; }

 private:
  Writer(Fd fd, std::string path, bool created);

  Fd fd_;
  std::string path_;
  std::uint64_t size_ = 0;
  bool created_;
  bool regular_;
};

}  // namespace mprofpp::store
