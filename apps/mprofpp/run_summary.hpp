#pragma once

#include "console.hpp"
#include "mprofpp/record/options.hpp"

namespace mprofpp::app {

/// What a recording came to, on stderr: the figures, what was lost or left out, and what to type next.
void print_run_summary(const record::Outcome& outcome, const record::Options& options,
                       const Console& console);

}  // namespace mprofpp::app
