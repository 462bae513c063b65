#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "mprofpp/base/instant.hpp"
#include "mprofpp/base/result.hpp"

namespace mprofpp::store {

/// What a list of recordings shows of each.
struct Brief {
  std::string command;  ///< for people; empty if unknown
  Instant start;
  Duration duration{};
  std::optional<std::uint64_t> samples;  ///< nothing where a big file would be read for it
  std::optional<double> peak_mib;        ///< the highest MEM value; nothing likewise
  std::optional<double> kernel_mib;  ///< the kernel's own peak of what MEM is, where it was found
  std::optional<double> largest_process_mib;  ///< of a tree whose sum MEM is, where it was found
  bool finished = false;                      ///< an END was written: nobody killed the recorder
};

/// The largest peak that is known. Where that is `largest_process_mib`, the tree had at least as much.
std::optional<double> best_mib(const Brief& brief);

/// A recording's brief from its first and last 4 KiB: the END record that a finished recording closes
/// with has the figures. A recording without one, mprof's too, is read whole up to `largest_read`
/// bytes; of a larger one samples and peak stay unknown. Fails as read() does.
Result<Brief> read_brief(const std::string& path, std::uint64_t largest_read = 4 << 20);

}  // namespace mprofpp::store
