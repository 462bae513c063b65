#pragma once

#include <string>

#include "mprofpp/base/result.hpp"

namespace mprofpp::record {

/// Checks that the file at `path` is the agent of this build and can be loaded into programs.
/// Errors: not_found; malformed if it is another kind of file; unsupported if another build made it or
/// its file system does not allow executing it; and those of open(2). The error's text is a predicate of
/// its place, as in "PATH is missing".
Result<void> check_agent(const std::string& path);

}  // namespace mprofpp::record
