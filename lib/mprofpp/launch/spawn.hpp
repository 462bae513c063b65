#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "mprofpp/base/result.hpp"
#include "mprofpp/launch/environment.hpp"

namespace mprofpp::launch {

/// An executable to start in a new process.
struct Executable {
  std::string path;                    ///< not searched for in PATH
  std::vector<std::string> arguments;  ///< without the first one, which is the path
  const Environment& environment;
  /// Descriptors that stay open in the new process although they are close-on-exec here.
  std::vector<int> kept;
  /// One of `kept`: if exec fails, -errno is written to it as a long.
  int report = -1;
};

/// Starts the executable as a child of this process and returns its pid. A failure of exec appears
/// later, in `report`. This needs no pidfd, so it works before Linux 5.3 and in sandboxes that
/// refuse pidfd_open. Errors: io if fork fails.
Result<pid_t> spawn(const Executable& executable);

}  // namespace mprofpp::launch
