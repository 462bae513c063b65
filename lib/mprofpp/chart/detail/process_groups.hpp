#pragma once

#include <string>
#include <vector>

#include "mprofpp/analysis/history.hpp"

namespace mprofpp::chart {

using Processes = std::vector<const analysis::ProcessHistory*>;

/// Processes with the same title, numbers apart.
struct ProcessGroup {
  std::string title;
  Processes members;  ///< by descending peak
};

/// Processes as they are drawn: some alone, others as a group.
struct ProcessGrouping {
  Processes alone;                   ///< in the given order
  std::vector<ProcessGroup> groups;  ///< the largest first
};

/// Groups processes that do the same, such as the workers of a server, if there are so many that their lines
/// would hide each other. A member whose peak is unusually high stays alone: above the upper quartile by more
/// than one and a half times the range between the quartiles (Tukey 1977). `processes` are sorted by
/// descending peak, after the root.
ProcessGrouping group_alike(const Processes& processes);

}  // namespace mprofpp::chart
