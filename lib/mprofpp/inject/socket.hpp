#pragma once

#include <sys/types.h>

#include <string>

#include "mprofpp/base/fd.hpp"
#include "mprofpp/base/result.hpp"

namespace mprofpp::inject {

/// Connects to the Unix socket on which a process listens: `name` is a path, or @name in the abstract
/// namespace, of which every network namespace has its own. Errors: malformed if another process listens
/// there; denied if the process is in another network namespace that this one may not enter.
Result<Fd> connect_to(pid_t pid, const std::string& name);

/// Returns a name in the abstract namespace that nobody can guess.
std::string unguessable_name();

}  // namespace mprofpp::inject
