#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "mprofpp/base/result.hpp"
#include "mprofpp/launch/environment.hpp"

namespace mprofpp::launch {

/// An executable to start in a new process.
struct Executable {
  std::string path;                    ///< not searched in PATH
  std::vector<std::string> arguments;  ///< without the first, which is the path
  const Environment& environment;
  /// Descriptors that stay open in it although they are close-on-exec here.
  std::vector<int> kept;
  /// One of `kept`: a long goes there if exec fails, -errno.
  int report = -1;
};

/// Starts it as a child of this process and answers its pid; that exec fails shows later, in `report`.
/// No pidfd is needed for that, so it works before Linux 5.3 and in sandboxes that refuse pidfd_open.
/// Errors: io, of fork.
Result<pid_t> spawn(const Executable& executable);

}  // namespace mprofpp::launch
