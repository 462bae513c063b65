#pragma once

#include <optional>
#include <vector>

#include "mprofpp/base/result.hpp"
#include "mprofpp/record/options.hpp"
#include "mprofpp/record/outcome.hpp"

namespace mprofpp::app {

/// Returns the messages about marks and lines that were requested and are missing, with hints about what to
/// do. `options` are those of the recording; empty with --no-marks.
std::vector<Error> missing_messages(const record::Outcome& outcome,
                                    const std::optional<record::MarkOptions>& options);

}  // namespace mprofpp::app
