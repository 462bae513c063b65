#pragma once

#include <sys/types.h>

#include "mprofpp/base/fd.hpp"
#include "mprofpp/base/result.hpp"

namespace mprofpp::launch {

/// A descriptor that becomes readable when the process ends, ours or anybody's; it needs no rights
/// over the process. Errors: vanished when there is none of that pid; unsupported where the kernel has
/// no such descriptors (before Linux 5.3) or a sandbox refuses them; io when no descriptor is left.
Result<Fd> watch_process(pid_t pid);

}  // namespace mprofpp::launch
