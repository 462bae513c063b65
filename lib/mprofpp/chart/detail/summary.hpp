#pragma once

#include <string>
#include <vector>

#include "mprofpp/chart/build.hpp"

/// The line below the title, which answers what people ask first. Its figures are those of `mprofpp peak`.
namespace mprofpp::chart {

/// Returns the peak, the mean, the growth and the losses of a recording, without what is unknown.
std::vector<std::string> summary_of(const analysis::History& history, const ChartOptions& options);

/// Returns the range of the peaks of several recordings. Empty if their metrics differ.
std::vector<std::string> summary_of(const std::vector<Source>& sources);

/// Returns true if the highest PSS belongs to the peak of the MEM line: PSS is read less often, and a PSS of
/// another time next to that peak would be misread as a part of it.
bool is_pss_of_peak(const analysis::History& history);

}  // namespace mprofpp::chart
