#pragma once

#include <string>
#include <vector>

#include "mprofpp/base/bytes.hpp"
#include "mprofpp/base/instant.hpp"
#include "mprofpp/launch/ended.hpp"
#include "mprofpp/proc/tree.hpp"

namespace mprofpp::record {

/// The processes that are recorded.
struct Subject {
  proc::Roots roots;
  std::vector<std::string> argv;  ///< the command line for the file header
  /// The root's ru_maxrss starts at this value, so it carries information only above it.
  Bytes inherited_peak;

  pid_t root() const { return roots.pids.front(); }
  /// True if the recorder started the root, which makes it the parent and the adopter of orphans.
  bool is_launched() const { return roots.adopter.has_value(); }
};

/// How the root exited: the data that its zombie showed, and the data that reaping it returned.
struct RootEnd {
  launch::Ended ended;
  Instant t;
  /// True if the root waited for children: its ru_maxrss then covers them and is not its own.
  bool waited_for_children = false;
};

}  // namespace mprofpp::record
