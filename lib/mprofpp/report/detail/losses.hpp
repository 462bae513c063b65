#pragma once

#include <string>

#include "mprofpp/analysis/losses.hpp"
#include "mprofpp/report/detail/json.hpp"

namespace mprofpp::report {

/// Returns one line on what the recording lacks; empty if it is complete.
std::string losses_text(const analysis::Losses& losses);

/// Returns the same as an object of JSON.
Json loss_fields(const analysis::Losses& losses);

}  // namespace mprofpp::report
