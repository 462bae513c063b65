#pragma once

#include <vector>

namespace mprofpp::leak {

/// A reading of memory.
struct Reading {
  double seconds = 0;  ///< since the epoch
  double mib = 0;

  friend bool operator==(const Reading&, const Reading&) = default;
};

/// Readings in the order of time.
using Readings = std::vector<Reading>;

/// The smallest amount that the kernel adds to a process, in MiB.
inline constexpr double page_mib = 4096.0 / 1048576.0;

}  // namespace mprofpp::leak
