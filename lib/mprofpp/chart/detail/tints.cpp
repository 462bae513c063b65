#include "mprofpp/chart/detail/tints.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <numeric>

namespace mprofpp::chart {
namespace {

/// How often the boxes of a function are next to those of other functions, by the number of the other.
using Neighbours = std::vector<std::map<std::uint32_t, std::uint64_t>>;

Neighbours neighbours_of(const analysis::Spans& all) {
  Neighbours neighbours(all.functions.size());
  const auto add = [&](std::uint32_t a, std::uint32_t b) {
    if (a == b) return;
    ++neighbours[a][b];
    ++neighbours[b][a];
  };
  std::vector<std::vector<const analysis::Span*>> last(all.lanes.size());  // by row
  for (const auto& span : all.spans) {
    auto& rows = last[span.lane];
    const auto row = static_cast<std::size_t>(std::max(span.row, 0));
    if (rows.size() <= row) rows.resize(row + 1, nullptr);
    if (rows[row] != nullptr) add(rows[row]->function, span.function);
    const bool has_parent = row > 0 && rows[row - 1] != nullptr;
    if (has_parent && rows[row - 1]->end > span.begin) add(rows[row - 1]->function, span.function);
    rows[row] = &span;
  }
  return neighbours;
}

}  // namespace

std::vector<std::size_t> tints_of(const analysis::Spans& spans) {
  const auto neighbours = neighbours_of(spans);
  std::vector<std::uint32_t> order(spans.functions.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return spans.functions[a].seconds > spans.functions[b].seconds;
  });
  constexpr auto none = tints;
  std::vector<std::size_t> chosen(spans.functions.size(), none);
  for (const auto function : order) {
    std::array<std::uint64_t, tints> meetings{};
    for (const auto& [other, count] : neighbours[function]) {
      if (chosen[other] != none) meetings[chosen[other]] += count;
    }
    const auto fewest = std::min_element(meetings.begin(), meetings.end());
    chosen[function] = static_cast<std::size_t>(fewest - meetings.begin());
  }
  return chosen;
}

}  // namespace mprofpp::chart
