#pragma once

#include <string>
#include <vector>

#include "mprofpp/chart/figure.hpp"

namespace mprofpp::chart {

/// Returns for every name the part in which it differs from names with the same beginning, in whole words:
/// `worker 1` of `puma: cluster worker 1: shop` next to `puma: cluster worker 2: shop`. The part is empty for
/// equal names, and for a name whose first letters differ from all others: those stay visible however short
/// it is cut.
std::vector<DistinguishingPart> distinguishing_parts(const std::vector<std::string>& names);

/// Set the differences of the names in a table, at the ends of curves, or in a flame chart. They compare the
/// titles without the pids.
void set_distinguishing_parts(LegendTable& table);
void set_distinguishing_parts(std::vector<EndLabel>& ends);
void set_distinguishing_parts(std::vector<Panel>& panels);
void set_distinguishing_parts(Flame& flame);

}  // namespace mprofpp::chart
