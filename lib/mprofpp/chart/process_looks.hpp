#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "mprofpp/analysis/history.hpp"

namespace mprofpp::chart {

/// Returns for each process of a history, in their order, the number of the colour (Hue::number) that it or
/// its group has in pictures with the default options; nothing for the processes that have the colour of the
/// rest. From `distinct_colours` on, numbers are drawn dashed.
std::vector<std::optional<std::size_t>> colour_numbers(const analysis::History& history);

}  // namespace mprofpp::chart
