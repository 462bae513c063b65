#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mprofpp/base/result.hpp"

namespace mprofpp::store {

/// The position of a run in a file. mprof appends a run to an existing file; mprofpp never does.
struct Run {
  std::uint64_t begin = 0;           ///< byte
  std::optional<std::uint64_t> end;  ///< byte after the last; nothing: the end of the file
  std::uint64_t lines_before = 0;    ///< for the numbers of damaged lines

  friend bool operator==(const Run&, const Run&) = default;
};

/// Finds the runs in the file `path`, in their order; there is at least one. A run starts at a CMDLINE line
/// that follows samples. A file that starts with our META lines and ends with END is one run and is not
/// searched; neither is a pipe, which can be read only once. Errors: not_found, denied, io.
Result<std::vector<Run>> find_runs(const std::string& path);

}  // namespace mprofpp::store
