#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "mprofpp/base/instant.hpp"
#include "mprofpp/base/result.hpp"

namespace mprofpp::store {

/// A summary of a recording, as a list of recordings shows it.
struct Overview {
  std::string command;  ///< for people; empty if unknown
  Instant start;
  Duration duration{};
  /// Nothing if a large file would have to be read for it.
  std::optional<std::uint64_t> samples;
  /// The highest MEM value; nothing if a large file would have to be read for it.
  std::optional<double> peak_mib;
  /// The kernel's own peak of what MEM measures, if it was found.
  std::optional<double> kernel_mib;
  /// The kernel's peak of the largest process in a tree whose sum is MEM, if it was found.
  std::optional<double> largest_process_mib;
  std::size_t runs = 1;   ///< in the file; this is the last of them
  bool finished = false;  ///< an END was written, so the recorder was not killed
};

/// Returns the largest known peak, or nothing if the highest MEM value is unknown. If it is
/// `largest_process_mib`, the tree had at least as much.
std::optional<double> best_mib(const Overview& overview);

/// Reads the summary from the first and last 4 KiB: the END record of a finished recording contains
/// the figures. A recording without END, such as those of mprof, is read as a whole if it has at
/// most `largest_read` bytes; otherwise samples and peak stay unknown. Fails as read() does.
Result<Overview> read_overview(const std::string& path, std::uint64_t largest_read = 4 << 20);

}  // namespace mprofpp::store
