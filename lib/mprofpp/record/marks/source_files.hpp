#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>

#include "mprofpp/base/fd.hpp"
#include "mprofpp/base/instant.hpp"

namespace mprofpp::record {

/// A recorded process that has loaded source files.
struct SourceReader {
  pid_t pid = 0;
  std::string folder;  ///< a former working directory, or empty
  Instant start;       ///< the process has loaded its code since then
};

/// A source file as a recording describes it.
struct SourceFile {
  std::string name;  ///< the absolute path if it is known
  /// Empty if the file cannot be read, is not a regular file or is too large for a source. The hash is
  /// unknown_source_hash if the file has changed since the process was started, because the process may
  /// have loaded the former content.
  std::optional<std::uint64_t> hash;
};

/// Finds the source files of recorded processes and hashes each version of a file once.
class SourceFiles {
 public:
  /// Returns a file as the process sees it. A relative name, which Python before 3.9 has for a script, is
  /// looked up in the process's working directories and in that of the recorder. If the process is gone, an
  /// absolute name is looked up among the files of the recorder.
  SourceFile of(const SourceReader& reader, const std::string& file);

 private:
  /// Device, inode, size in bytes, and time of the last change in nanoseconds.
  using Version = std::tuple<std::uint64_t, std::uint64_t, std::int64_t, std::int64_t>;

  std::optional<std::uint64_t> hash(const Fd& fd, Instant start);

  std::map<Version, std::optional<std::uint64_t>> hashes_;
};

/// Returns the working directory of a process; empty if it is gone or belongs to another user.
std::string working_directory_of(pid_t pid);

}  // namespace mprofpp::record
