#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace mprofpp::model {

/// A kind of memory of a process.
enum class Metric {
  rss,   ///< resident: every page that is in RAM, shared ones in full
  pss,   ///< proportional: a page shared by n processes counts 1/n in each, so that sums are true
  uss,   ///< unique: the memory that would be freed if the process ended
  swap,  ///< anonymous pages that are swapped out
  vms,   ///< virtual: the address space, whether or not memory backs it
  anon,  ///< the part of rss that no file backs: heap, stack, data that was written to
  file,  ///< the part of rss that a file backs: code, mapped files, shared memory. anon + file = rss
};

/// The name of each metric, in recordings, options and reports alike.
inline constexpr std::array<std::string_view, 7> metric_names = {"rss", "pss",  "uss", "swap",
                                                                 "vms", "anon", "file"};

constexpr std::string_view name_of(Metric metric) {
  return metric_names[static_cast<std::size_t>(metric)];
}

constexpr std::optional<Metric> metric_of(std::string_view name) {
  for (std::size_t i = 0; i < metric_names.size(); ++i) {
    if (metric_names[i] == name) return static_cast<Metric>(i);
  }
  return std::nullopt;
}

}  // namespace mprofpp::model
