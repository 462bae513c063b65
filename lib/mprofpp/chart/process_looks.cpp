#include "mprofpp/chart/process_looks.hpp"

#include "mprofpp/chart/build.hpp"
#include "mprofpp/chart/detail/process_colours.hpp"

namespace mprofpp::chart {
namespace {

std::optional<std::size_t> number_of(const Hue& hue) {
  return hue.role == Hue::Role::numbered ? std::optional(hue.number) : std::nullopt;
}

}  // namespace

std::vector<std::optional<std::size_t>> colour_numbers(const analysis::History& history) {
  const ProcessColours colours(history, ChartOptions().max_series);
  std::vector<std::optional<std::size_t>> numbers;
  for (const auto& process : history.processes) {
    numbers.push_back(number_of(colours.of(process).hue));
  }
  for (const auto& group : colours.grouping().groups) {
    const auto own = number_of(colours.of(*group.members.front()).hue);
    for (const auto* member : group.members) {
      auto& number = numbers[static_cast<std::size_t>(member - history.processes.data())];
      if (!number) number = own;
    }
  }
  return numbers;
}

}  // namespace mprofpp::chart
