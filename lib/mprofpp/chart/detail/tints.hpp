#pragma once

#include <cstddef>
#include <vector>

#include "mprofpp/analysis/spans.hpp"

namespace mprofpp::chart {

/// The number of shades of a process's colour that its boxes have.
inline constexpr std::size_t tints = 3;

/// Returns a shade for each function, below `tints`. Functions whose boxes are next to each other, or one
/// below the other, have different shades wherever possible.
std::vector<std::size_t> tints_of(const analysis::Spans& spans);

}  // namespace mprofpp::chart
