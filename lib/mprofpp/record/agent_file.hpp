#pragma once

#include <string>

#include "mprofpp/base/result.hpp"

namespace mprofpp::record {

/// Whether the library at that path is the agent of this build and can be loaded into programs.
/// Errors: not_found; malformed when it is something else; unsupported when it is of another build, or
/// may not be executed where it is; others as open(2) has them. The error's words follow its place:
/// "PATH is missing".
Result<void> check_agent(const std::string& path);

}  // namespace mprofpp::record
