#pragma once

#include <cstddef>
#include <vector>

#include "mprofpp/base/instant.hpp"
#include "mprofpp/proc/member.hpp"

namespace mprofpp::proc {

/// The reason for a closer look at a process.
enum class Urgency {
  unknown,   ///< it was never looked at, so its command is unknown
  replaced,  ///< it seems to run another program now
  routine    ///< its regular look is due
};

struct DueLook {
  std::size_t index;  ///< index of the member
  Urgency urgency;
};

/// Returns the members whose look is due, the most urgent first; those of equal urgency in the
/// order in which they became due. A member without a reading of memory is never due.
std::vector<DueLook> find_due_looks(const std::vector<Member>& members, Instant now);

}  // namespace mprofpp::proc
