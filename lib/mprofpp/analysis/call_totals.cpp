#include "mprofpp/analysis/call_totals.hpp"

#include <algorithm>
#include <cmath>

#include "mprofpp/analysis/call_readings.hpp"

namespace mprofpp::analysis {
namespace {

void keep_largest(std::optional<double>& largest, std::optional<double> value) {
  if (value && (!largest || *value > *largest)) largest = value;
}

}  // namespace

GroupPart part_within(const model::CallGroup& group, const Window& window) {
  const auto from = std::max(group.t_from, window.begin);
  const auto to = std::min(group.t_to, window.end);
  if ((from == group.t_from && to == group.t_to) || to < from) return {group};
  GroupPart part{group, true};
  part.group.t_from = from;
  part.group.t_to = to;
  const double share = to_seconds(to - from) / to_seconds(group.t_to - group.t_from);
  const auto calls = std::llround(static_cast<double>(group.count) * share);
  part.group.count = static_cast<std::uint64_t>(std::max(calls, 1LL));
  part.group.seconds *= share;
  if (part.group.growth) *part.group.growth *= share;
  return part;
}

void CallTotals::add(const model::Call& call) {
  ++calls;
  seconds += seconds_inside(call);
  elapsed += to_seconds(call.t_out - call.t_in);
  const auto growth = unless_nan(growth_of(call));
  keep_largest(largest_growth, growth);
  if (growth) largest_change = std::max(largest_change, std::abs(*growth));
}

void CallTotals::add(const GroupPart& part) {
  calls += part.group.count;
  seconds += part.group.seconds;
  elapsed += part.group.seconds;
  is_estimate = is_estimate || part.is_estimate;
}

void CallTotals::add(const CallTotals& more) {
  calls += more.calls;
  seconds += more.seconds;
  elapsed += more.elapsed;
  keep_largest(largest_growth, more.largest_growth);
  largest_change = std::max(largest_change, more.largest_change);
  is_estimate = is_estimate || more.is_estimate;
}

}  // namespace mprofpp::analysis
