#include "mprofpp/page/processes.hpp"

#include <algorithm>

namespace mprofpp::page {
namespace {

/// Returns the peak below which processes are left out, so that at most `limit` are shown.
double least_peak(const std::vector<analysis::ProcessPeak>& all, std::size_t limit) {
  std::vector<double> peaks;
  for (const auto& process : all) peaks.push_back(process.best_mib().value_or(0));
  const auto place = peaks.begin() + static_cast<std::ptrdiff_t>(limit);
  std::nth_element(peaks.begin(), place, peaks.end(), std::greater<>());
  return *place;
}

}  // namespace

Processes::Processes(const std::vector<analysis::ProcessPeak>& all, std::size_t limit) {
  const bool has_all = all.size() <= limit;
  const double least = has_all ? 0 : least_peak(all, limit);
  for (const auto& process : all) {
    const bool is_large = process.best_mib().value_or(0) > least;
    if (!has_all && !is_large && !process.is_root) {
      ++left_out_;
      continue;
    }
    numbers_.emplace(process.id, shown_.size());
    shown_.push_back(&process);
  }
}

std::optional<std::size_t> Processes::number_of(const model::ProcessId& process) const {
  const auto number = numbers_.find(process);
  return number == numbers_.end() ? std::nullopt : std::optional(number->second);
}

std::vector<std::size_t> Processes::with(pid_t pid) const {
  std::vector<std::size_t> numbers;
  const model::ProcessId first{pid, 0};
  for (auto known = numbers_.lower_bound(first); known != numbers_.end(); ++known) {
    if (known->first.pid != pid) break;
    numbers.push_back(known->second);
  }
  return numbers;
}

std::optional<std::size_t> Processes::last_with(pid_t pid) const {
  const auto numbers = with(pid);
  return numbers.empty() ? std::nullopt : std::optional(numbers.back());
}

}  // namespace mprofpp::page
