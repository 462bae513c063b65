#include "mprofpp/chart/detail/process_groups.hpp"

#include <algorithm>
#include <map>

#include "mprofpp/chart/detail/parts.hpp"
#include "mprofpp/chart/labels.hpp"

namespace mprofpp::chart {
namespace {

constexpr std::size_t most_lines = 5;  // with the total, as many as can be named at their ends
constexpr std::size_t least_members = 4;
constexpr std::size_t most_outliers = 3;

/// Returns the title with # for each number: `worker 12` does the same as `worker 3`.
std::string kind_of_title(const std::string& title) {
  constexpr std::string_view digits = "0123456789";
  std::string kind;
  for (const char c : title) {
    const bool is_digit = digits.find(c) != std::string_view::npos;
    if (!is_digit) kind += c == '#' ? ' ' : c;  // so that each # is a number
    if (is_digit && !kind.ends_with('#')) kind += '#';
  }
  return kind;
}

/// Returns how many of the peaks, which descend, are unusually high.
std::size_t count_outliers(const Processes& members) {
  const auto peak = [&](std::size_t quarter) {
    return peak_of(*members[(members.size() - 1) * quarter / 4]);
  };
  const double fence = peak(1) + 1.5 * (peak(1) - peak(3));
  const double least = std::max(fence, 1.1 * peak(2));
  std::size_t count = 0;
  while (count < most_outliers && peak_of(*members[count]) > least) ++count;
  return count;
}

std::vector<std::string> numbers_of(const std::string& title) {
  std::vector<std::string> numbers;
  bool is_inside = false;
  for (const char c : title) {
    const bool is_digit = c >= '0' && c <= '9';
    if (is_digit && !is_inside) numbers.emplace_back();
    if (is_digit) numbers.back() += c;
    is_inside = is_digit;
  }
  return numbers;
}

/// Returns the title of all members, with … for each number that they do not have in common.
std::string common_title(const std::string& kind, const Processes& members) {
  auto common = numbers_of(process_title(*members.front()));
  for (const auto* member : members) {
    const auto numbers = numbers_of(process_title(*member));
    for (std::size_t i = 0; i < common.size(); ++i) {
      if (common[i] != numbers[i]) common[i] = "…";
    }
  }
  std::string title;
  std::size_t next = 0;
  for (const char c : kind) {
    if (c == '#' && next < common.size())
      title += common[next++];
    else
      title += c;
  }
  return title;
}

ProcessGroup group_of(const std::string& kind, const Processes& members) {
  auto title = common_title(kind, members);
  return {title.empty() ? "child" : std::move(title), members};
}

}  // namespace

ProcessGrouping group_alike(const Processes& processes) {
  if (processes.size() <= most_lines) return {processes, {}};
  std::map<std::string, Processes> kinds;
  for (const auto* process : processes) {
    if (!process->is_root) kinds[kind_of_title(process_title(*process))].push_back(process);
  }
  ProcessGrouping grouping;
  std::vector<const analysis::ProcessHistory*> grouped;
  for (auto& [kind, members] : kinds) {
    const auto outliers = members.size() < least_members ? members.size() : count_outliers(members);
    members.erase(members.begin(), members.begin() + static_cast<std::ptrdiff_t>(outliers));
    if (members.empty()) continue;
    grouped.insert(grouped.end(), members.begin(), members.end());
    grouping.groups.push_back(group_of(kind, members));
  }
  std::sort(grouped.begin(), grouped.end());
  for (const auto* process : processes) {
    if (!std::binary_search(grouped.begin(), grouped.end(), process))
      grouping.alone.push_back(process);
  }
  std::stable_sort(grouping.groups.begin(), grouping.groups.end(),
                   [](const ProcessGroup& a, const ProcessGroup& b) {
                     return peak_of(*a.members.front()) > peak_of(*b.members.front());
                   });
  return grouping;
}

}  // namespace mprofpp::chart
