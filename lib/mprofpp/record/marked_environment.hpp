#pragma once

#include "mprofpp/base/result.hpp"
#include "mprofpp/launch/environment.hpp"
#include "mprofpp/mark/run_folder.hpp"
#include "mprofpp/record/options.hpp"

namespace mprofpp::record {

/// Adds to a program's environment what makes it and its descendants tell of their marks; without a
/// folder, what gives programs of Python a `profile` that does nothing. Where LD_PRELOAD cannot hold
/// the agent's path, a link in the run's folder stands for it. Errors: unsupported when there is no
/// folder, or its path is not better.
Result<void> add_agent(launch::Environment& environment, const MarkOptions& options,
                       const mark::RunFolder* folder);

}  // namespace mprofpp::record
