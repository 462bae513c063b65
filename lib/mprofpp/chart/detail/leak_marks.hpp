#pragma once

#include <string>
#include <vector>

#include "mprofpp/chart/build.hpp"

/// The judgement of a leak in a picture.
namespace mprofpp::chart {

/// Adds the floors, the line through them, its interval, the steps and the level that a slowing curve will
/// reach. Adds nothing if nothing was judged.
void add_leak(Figure& figure, const Source& source);

/// Returns the verdict, the steps and the end of a leak, as parts of the summary.
std::vector<std::string> leak_summary(const Source& source);

/// Returns the verdict for a cell of the legend: "+6.00 MiB/h", "steady", "not enough to tell".
std::string short_verdict(const Source& source);

}  // namespace mprofpp::chart
