#pragma once

#include "cli/arguments.hpp"
#include "mprofpp/record/options.hpp"
#include "mprofpp/record/outcome.hpp"

namespace mprofpp::app {

/// Returns the target for a program that mprofpp starts and records. `state` is what mprofpp itself was
/// started with. Errors: not_found if a part of mprofpp is missing; others if /proc cannot be used.
Result<record::Launch> launch_of(Arguments program, launch::StartState state);

/// Returns the exit status if a program could not be started or recorded.
int exit_status_of(record::NotRecorded::Cause cause);

/// Returns the exit status after a recording: the program's, unless the recording was cut short.
int exit_status_of(const record::Outcome& outcome);

}  // namespace mprofpp::app
