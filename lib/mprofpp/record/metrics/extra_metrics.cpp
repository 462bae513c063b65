#include "mprofpp/record/metrics/extra_metrics.hpp"

#include <algorithm>

namespace mprofpp::record {
namespace {

constexpr double share_of_asked = 0.05;
constexpr double share_of_unasked = 0.01;

void append(std::vector<model::Reading>& readings, const std::vector<model::Metric>& metrics,
            const proc::Amounts& amounts) {
  for (const auto metric : metrics) {
    readings.push_back({metric, amounts[metric].mebibytes()});
  }
}

/// Returns the members for which `is_meant` holds. Processes that started after this tick's main readings
/// are left out, because MEM does not include them either.
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
  add_group(proc::MetricSource::status, When::affordable, options);
  add_group(proc::MetricSource::rollup, When::affordable, options);
  const bool has_pss =
      std::count(options.metrics.begin(), options.metrics.end(), model::Metric::pss) > 0;
  if (options.metric == model::Metric::rss && sums(children_) && !has_pss) {
    add_group(proc::MetricSource::rollup, When::new_highs, options);
  }
}

void ExtraMetrics::add_group(proc::MetricSource source, When when, const Options& options) {
  const bool asked = when == When::affordable;
  std::vector<model::Metric> metrics;
  if (!asked) metrics.push_back(model::Metric::pss);
  for (const auto metric : options.metrics) {
    if (asked && proc::source_of(metric) == source) metrics.push_back(metric);
  }
  if (metrics.empty()) return;
  const ReadingBudget budget(asked ? share_of_asked : share_of_unasked, options.interval);
  const bool has_pss = std::count(metrics.begin(), metrics.end(), model::Metric::pss) > 0;
  const bool beside_sum = has_pss && options.metric == model::Metric::rss && sums(children_);
  groups_.push_back({std::move(metrics), when, ReadingRounds(source, budget),
                     beside_sum ? std::optional(HighWatch()) : std::nullopt});
}

void ExtraMetrics::tick(const std::vector<proc::Member>& members, Bytes total,
                        ReadingBudget::TickTime time) {
  of_total_.clear();
  total_pss_.reset();
  std::vector<Group*> busy;
  for (auto& group : groups_) {
    if (begin_tick(group, need_of(group, members.size(), total), time)) busy.push_back(&group);
  }
  if (busy.empty()) return;
  const auto recorded = select(members, [this](const proc::Member& member) {
    return member.is_root || children_ != Children::left_out;
  });
  const auto summed = select(
      members, [this](const proc::Member& member) { return member.is_root || sums(children_); });
  for (auto* group : busy) read(*group, recorded, summed, total);
}

HighWatch::Need ExtraMetrics::need_of(const Group& group, std::size_t processes, Bytes total) {
  using Need = HighWatch::Need;
  const auto least = group.when == When::affordable ? Need::affordable : Need::none;
  if (!group.highs || processes < 2) return least;
  return std::max(least, group.highs->need(total));
}

/// Returns true if anything is to be read at this tick.
bool ExtraMetrics::begin_tick(Group& group, HighWatch::Need need, ReadingBudget::TickTime time) {
  using Payment = ReadingRounds::Payment;
  const bool is_under_way = group.rounds.is_under_way();
  if (!is_under_way) group.payment = Payment::savings;
  if (need == HighWatch::Need::urgent) group.payment = Payment::credit;
  group.rounds.begin_tick(time, group.payment);
  return is_under_way || need != HighWatch::Need::none;
}

void ExtraMetrics::begin_round(Group& group, const Members& recorded, Bytes total) {
  const bool is_urgent = group.payment == ReadingRounds::Payment::credit;
  if (is_urgent && group.highs->has_grown_since_start(total)) group.rounds.abandon();
  if (group.rounds.is_under_way()) return;
  group.takes = group.rounds.expected_cost(recorded);
  group.rounds.begin(recorded);
  if (group.highs && group.rounds.is_under_way()) group.highs->begin(total);
}

void ExtraMetrics::read(Group& group, const Members& recorded, const Members& summed, Bytes total) {
  begin_round(group, recorded, total);
  if (!group.rounds.is_under_way()) return;
  group.rounds.read(recorded);
  const auto sum = group.rounds.fresh_sum(summed);
  const bool is_over = !group.rounds.is_under_way();
  const bool asked = group.when == When::affordable;
  bool kept_size = false;
  if (group.highs && is_over && sum) kept_size = group.highs->finish(total);
  if (group.highs && is_over && !sum) group.highs->fail();
  if (!sum) return;
  if (asked || kept_size) append(of_total_, group.metrics, *sum);
  if (kept_size) total_pss_ = (*sum)[model::Metric::pss];
}

UnknownSharing ExtraMetrics::why_unknown() const {
  using Cause = UnknownSharing::Cause;
  for (const auto& group : groups_) {
    if (!group.highs) continue;
    const auto cost = group.rounds.cost();
    if (cost.refused) return {Cause::refused, {}};
    if (cost.too_much) return {Cause::too_large, *cost.too_much};
    return {Cause::too_late, group.takes};
  }
  return {};
}

std::vector<model::Reading> ExtraMetrics::of(pid_t pid) const {
  std::vector<model::Reading> readings;
  for (const auto& group : groups_) {
    if (!group.rounds.has_fresh()) continue;
    if (const auto* amounts = group.rounds.fresh(pid)) append(readings, group.metrics, *amounts);
  }
  return readings;
}

std::vector<MetricGroupCost> ExtraMetrics::costs() const {
  std::vector<MetricGroupCost> costs;
  for (const auto& group : groups_) {
    if (group.when == When::affordable) costs.push_back({group.metrics, group.rounds.cost()});
  }
  return costs;
}

}  // namespace mprofpp::record
