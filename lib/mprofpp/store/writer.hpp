#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "mprofpp/base/fd.hpp"
#include "mprofpp/base/result.hpp"

namespace mprofpp::store {

enum class Overwrite { no, yes };

/// A recording that is being written. Each append writes whole lines in one write(2), so a recorder
/// that is killed leaves at most one torn line, and a full disk leaves none: a part that was
/// written is cut off again.
class Writer {
 public:
  Writer(Writer&&) noexcept = default;
  Writer& operator=(Writer&&) = delete;
  /// Removes the file if this object created it and nothing was appended.
  ~Writer();

  /// Creates the file. Overwrite::yes replaces an existing one, but not before the first append: if
  /// the program cannot be started, the old recording stays. A lock on the file, which ends with
  /// this object and with its process, keeps other writers out. Errors: exists (with Overwrite::no),
  /// busy (another writer has the lock), denied, not_found (its folder), io.
  static Result<Writer> create(const std::string& path, Overwrite overwrite);

  /// Writes to an open descriptor from its current position and never cuts anything off.
  /// `name` is for messages.
  static Writer to_descriptor(Fd fd, std::string name);

  Result<void> append(std::string_view whole_lines);

  /// Returns true if the file has lost its last name: its content disappears with this object.
  bool was_removed() const;

  const std::string& path() const { return path_; }
  std::uint64_t bytes_written() const { return size_; }

 private:
  /// The origin of the file that is written.
  enum class Origin { created, existing, descriptor };

  Writer(Fd fd, std::string path, Origin origin);

  /// Returns true if the file is ours alone: then it may be truncated, and its removal matters.
  bool is_whole_file() const { return regular_ && origin_ != Origin::descriptor; }

  Fd fd_;
  std::string path_;
  std::uint64_t size_ = 0;
  Origin origin_;
  bool regular_;
};

}  // namespace mprofpp::store
