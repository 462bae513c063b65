#pragma once

#include "mprofpp/base/result.hpp"
#include "mprofpp/launch/environment.hpp"
#include "mprofpp/mark/run_folder.hpp"
#include "mprofpp/record/options.hpp"

namespace mprofpp::record {

/// Adds to a program's environment what makes it and its descendants tell of their marks. Where the
/// agent's path is none that LD_PRELOAD can hold, a link in the run's folder stands for it.
/// Errors: unsupported when that folder's path is none either.
Result<void> add_agent(launch::Environment& environment, const MarkOptions& options,
                       const mark::RunFolder& folder);

}  // namespace mprofpp::record
