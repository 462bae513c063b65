#pragma once

#include <tl/expected.hpp>

#include "mprofpp/record/options.hpp"

namespace mprofpp::record {

/// Starts the program, or attaches, records to the end and answers what came of it. Blocks that long.
/// Signals sent to this process meanwhile are passed on to a program that it started; where it attached,
/// they end the recording.
tl::expected<Outcome, NotRecorded> record(const Options& options);

}  // namespace mprofpp::record
