#pragma once

#include <sys/types.h>

#include "mprofpp/base/fd.hpp"
#include "mprofpp/base/result.hpp"

namespace mprofpp::launch {

/// Returns a descriptor that becomes readable when the process ends. This works for any process, and needs
/// no rights over it. Errors: vanished if no process has that pid; unsupported if the kernel has no such
/// descriptors (before Linux 5.3) or a sandbox refuses them; io if no descriptor is left.
Result<Fd> watch_process(pid_t pid);

}  // namespace mprofpp::launch
