#pragma once

#include <tl/expected.hpp>

#include "mprofpp/record/options.hpp"

namespace mprofpp::record {

/// Starts the program, records it to its end and answers what came of it. Blocks for as long as the
/// program runs. Signals sent to this process meanwhile are passed on to the program.
tl::expected<Outcome, NotRecorded> record(const Options& options);

}  // namespace mprofpp::record
