#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "mprofpp/chart/detail/parts.hpp"
#include "mprofpp/chart/detail/process_groups.hpp"

/// Bands: the range that many curves cover together.
namespace mprofpp::chart {

/// Adds a band over the range that the processes cover. Returns the middle of its end, or nothing if there is
/// no band.
std::optional<Point> add_band(Figure& figure, const Processes& processes, std::size_t columns,
                              const Area& look);

/// Adds a band with its row in the legend and its name at its end.
void add_named_band(Figure& figure, const Processes& processes, std::size_t columns,
                    const LegendRow& look);

/// Adds a band for each group.
void add_groups(Figure& figure, const Part& part, const std::vector<ProcessGroup>& groups);

}  // namespace mprofpp::chart
