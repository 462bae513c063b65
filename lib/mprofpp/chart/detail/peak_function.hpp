#pragma once

#include <string>

#include "mprofpp/analysis/history.hpp"
#include "mprofpp/chart/figure.hpp"

namespace mprofpp::chart {

/// Returns the function of the innermost call that made the peak: what the call had added by then is more
/// than half of the rise to the peak. Empty if there is none: a call that only happened to run does not
/// count.
std::string function_of_peak(const analysis::History& history, Point peak);

}  // namespace mprofpp::chart
