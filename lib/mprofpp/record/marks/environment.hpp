#pragma once

#include <string>
#include <vector>

#include "mprofpp/base/result.hpp"
#include "mprofpp/launch/environment.hpp"
#include "mprofpp/record/options.hpp"
#include "mprofpp/ring/run_folder.hpp"

namespace mprofpp::record {

/// Adds the variables to a program's environment that make it and its descendants report their marks.
/// Without a folder they give Python programs a `profile` that does nothing. If LD_PRELOAD cannot hold the
/// agent's path, it names a symbolic link in the run's folder instead. Errors: unsupported if there is no
/// folder for the link, or LD_PRELOAD cannot hold the folder's path either.
Result<void> add_agent(launch::Environment& environment, const MarkOptions& options,
                       const ring::RunFolder* folder);

/// Returns the variables, each NAME=value, that make the agent in a running program report its marks. Some of
/// them are not set for every choice of options.
std::vector<std::string> mark_variables(const MarkOptions& options, const ring::RunFolder& folder);

}  // namespace mprofpp::record
