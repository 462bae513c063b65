#pragma once

#include "console.hpp"
#include "mprofpp/record/options.hpp"

namespace mprofpp::app {

/// Why a recording that has no sample has none.
Error no_samples(const record::Outcome& outcome, const record::Options& options);

/// What a recording came to, on stderr: the figures, what was lost or left out, and what to type next.
/// The outcome has figures.
void print_run_summary(const record::Outcome& outcome, const record::Options& options,
                       const Console& console);

}  // namespace mprofpp::app
