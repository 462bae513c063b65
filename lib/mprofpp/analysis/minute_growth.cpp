#include "mprofpp/analysis/minute_growth.hpp"

#include <algorithm>

namespace mprofpp::analysis {

void MinuteGrowth::start_slot(double second) {
  slots_.push_back({second});
  while (slots_.front().second <= second - minute) slots_.pop_front();
}

void MinuteGrowth::add_evenly(double first, double last, std::uint64_t count, double mib) {
  if (!std::isfinite(mib) || count == 0) return;
  if (count == 1 || !(last > first)) {
    if (first < minute) add_to(first_, mib, count);
    return add_to(slot(std::floor(last)).sum, mib, count);
  }
  const auto n = static_cast<double>(count);
  const double step = (last - first) / (n - 1);
  const auto count_before = [&](double seconds) {
    return static_cast<std::uint64_t>(std::clamp(std::ceil((seconds - first) / step), 0.0, n));
  };
  add_to(first_, mib, count_before(minute));
  for (double second = std::floor(std::max(first, last - minute)); second <= last; ++second) {
    const bool is_last = second + 1 > last;
    const auto end = is_last ? count : count_before(second + 1);
    const auto begin = count_before(second);
    if (end > begin) add_to(slot(second).sum, mib, end - begin);
  }
}

std::optional<double> MinuteGrowth::mib() const {
  constexpr double least_minutes = 5;
  if (slots_.empty() || first_.count == 0) return std::nullopt;
  if (slots_.back().second < least_minutes * minute) return std::nullopt;
  Sum last;
  for (const auto& slot : slots_) {
    last.mib += slot.sum.mib;
    last.count += slot.sum.count;
  }
  return last.mib / static_cast<double>(last.count) -
         first_.mib / static_cast<double>(first_.count);
}

}  // namespace mprofpp::analysis
