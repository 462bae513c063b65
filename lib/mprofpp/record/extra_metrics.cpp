#include "mprofpp/record/extra_metrics.hpp"

#include <algorithm>

namespace mprofpp::record {
namespace {

constexpr double share_of_asked = 0.05;
constexpr double share_of_unasked = 0.01;

bool is_above(Bytes total, Bytes other) {
  return total.count() * 100 > other.count() * 101;
}

void append(std::vector<model::Reading>& readings, const std::vector<proc::Metric>& metrics,
            const proc::Amounts& amounts) {
  for (const auto metric : metrics) {
    readings.push_back({std::string(name_of(metric)), amounts[metric].mebibytes()});
  }
}

/// Those that `is_meant`. What was born after this tick's main readings is not in MEM either.
template <class Predicate>
Members select(const std::vector<proc::Member>& members, Predicate is_meant) {
  Members selected;
  for (const auto& member : members) {
    if (member.used > Bytes{} && is_meant(member)) selected.push_back(&member);
  }
  return selected;
}

}  // namespace

ExtraMetrics::ExtraMetrics(const Options& options) : children_(options.children) {
  add_group(proc::Source::status, When::affordable, options);
  add_group(proc::Source::rollup, When::affordable, options);
  const bool has_pss =
      std::count(options.metrics.begin(), options.metrics.end(), proc::Metric::pss) > 0;
  if (options.metric == proc::Metric::rss && sums(children_) && !has_pss) {
    add_group(proc::Source::rollup, When::new_highs, options);
  }
}

void ExtraMetrics::add_group(proc::Source source, When when, const Options& options) {
  const bool asked = when == When::affordable;
  std::vector<proc::Metric> metrics;
  if (!asked) metrics.push_back(proc::Metric::pss);
  for (const auto metric : options.metrics) {
    if (asked && source_of(metric) == source) metrics.push_back(metric);
  }
  if (metrics.empty()) return;
  const ReadingBudget budget(asked ? share_of_asked : share_of_unasked, options.interval);
  groups_.push_back({std::move(metrics), when, ReadingRounds(source, budget), {}});
}

void ExtraMetrics::tick(const std::vector<proc::Member>& members, Bytes total,
                        ReadingBudget::Stretch stretch) {
  of_total_.clear();
  total_pss_.reset();
  const auto is_idle = [&](const Group& group) { return !is_wanted(group, members.size(), total); };
  for (auto& group : groups_) group.rounds.begin_tick(stretch);
  if (std::all_of(groups_.begin(), groups_.end(), is_idle)) return;
  const auto recorded = select(members, [this](const proc::Member& member) {
    return member.is_root || children_ != Children::left_out;
  });
  const auto summed = select(
      members, [this](const proc::Member& member) { return member.is_root || sums(children_); });
  for (auto& group : groups_) {
    if (is_idle(group)) continue;
    read(group, recorded, total);
    take_total(group, summed);
  }
}

bool ExtraMetrics::is_wanted(const Group& group, std::size_t processes, Bytes total) {
  if (group.when == When::affordable || group.rounds.is_under_way()) return true;
  if (processes < 2) return false;
  return is_above(total, group.high) || (!group.confirmed && !is_above(group.high, total));
}

void ExtraMetrics::read(Group& group, const Members& recorded, Bytes total) {
  const bool is_next = !group.rounds.is_under_way();
  group.rounds.begin(recorded);
  if (!group.rounds.is_under_way()) return;
  if (is_next) {
    group.confirmed = !is_above(total, group.high);
    group.high = std::max(group.high, total);
  }
  group.rounds.read(recorded);
}

void ExtraMetrics::take_total(const Group& group, const Members& summed) {
  const auto sum = group.rounds.fresh_sum(summed);
  if (!sum) return;
  append(of_total_, group.metrics, *sum);
  const bool has_pss =
      std::count(group.metrics.begin(), group.metrics.end(), proc::Metric::pss) > 0;
  if (has_pss) total_pss_ = (*sum)[proc::Metric::pss];
}

std::vector<model::Reading> ExtraMetrics::of(pid_t pid) const {
  std::vector<model::Reading> readings;
  for (const auto& group : groups_) {
    if (const auto* amounts = group.rounds.fresh(pid)) append(readings, group.metrics, *amounts);
  }
  return readings;
}

std::vector<MetricCost> ExtraMetrics::costs() const {
  std::vector<MetricCost> costs;
  for (const auto& group : groups_) {
    if (group.when == When::affordable) costs.push_back({group.metrics, group.rounds.cost()});
  }
  return costs;
}

}  // namespace mprofpp::record
