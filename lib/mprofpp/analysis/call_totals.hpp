#pragma once

#include <cstdint>
#include <optional>

#include "mprofpp/analysis/window.hpp"
#include "mprofpp/model/record.hpp"

namespace mprofpp::analysis {

/// A group of short calls, or the part of it that lies in a window.
struct GroupPart {
  model::CallGroup group;
  bool is_estimate = false;  ///< the group reaches out of the window
};

/// Returns the part of a group within the window, which it touches. The file does not show when each of the
/// calls ran, so calls, time and growth are reduced in proportion to the time; at least one call is left.
GroupPart part_within(const model::CallGroup& group, const Window& window);

/// Totals over the calls of a function, from their own records. Every table of functions uses them.
struct CallTotals {
  std::uint64_t calls = 0;
  double seconds = 0;  ///< in which calls ran, the sum over all calls
  double elapsed = 0;  ///< seconds from start to end of each call, suspensions included
  std::optional<double> largest_growth = {};  ///< MiB by which a process grew during one call
  double largest_change = 0;                  ///< MiB that one call added or freed
  bool is_estimate = false;                   ///< some calls are those of a part of a group

  void add(const model::Call& call);
  void add(const GroupPart& part);
  void add(const CallTotals& more);
};

}  // namespace mprofpp::analysis
