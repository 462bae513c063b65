#pragma once

#include <sys/types.h>

#include <string>

#include "mprofpp/base/fd.hpp"
#include "mprofpp/base/result.hpp"

namespace mprofpp::inspect {

/// Connects to the socket of that path, on which process `pid` must listen. Errors: not_found if there is no
/// such socket or nothing listens there; malformed if another process does; denied.
Result<Fd> connect_to_process(pid_t pid, const std::string& path);

}  // namespace mprofpp::inspect
