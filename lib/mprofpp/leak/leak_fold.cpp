#include "mprofpp/leak/leak_fold.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace mprofpp::leak {
namespace {

using model::Metric;

/// Metrics that say more about what a program keeps than the ones after them: uss also counts pages of files
/// that no other process has mapped, pss changes with the processes that share pages, and rss counts all.
constexpr std::array telling_metrics = {Metric::anon, Metric::uss, Metric::pss, Metric::rss};

/// Returns the record with the value of an extra metric, or NaN if that was not read.
template <class Record>
Record with_value_of(Metric metric, const Record& record) {
  auto other = record;
  other.mib = std::nan("");
  for (const auto& reading : record.extra_readings) {
    if (reading.metric == metric) other.mib = reading.mib;
  }
  return other;
}

}  // namespace

bool can_judge_by(model::Metric metric) {
  return std::find(telling_metrics.begin(), telling_metrics.end(), metric) != telling_metrics.end();
}

LeakFold::LeakFold(Question question)
    : question_(std::move(question)),
      main_{Metric::rss, TreeCurves(question_.window, question_.least_growth, MetricKind::main)},
      evidence_(all_evidence()) {}

void LeakFold::take(const model::Sample& sample) {
  note_time(sample.t);
  main_.curves.take(sample);
  for (auto& [metric, curves] : extra_) curves.take(with_value_of(metric, sample));
}

void LeakFold::take(const model::ChildSample& sample) {
  main_.curves.take(sample);
  for (auto& [metric, curves] : extra_) curves.take(with_value_of(metric, sample));
}

void LeakFold::take(const model::Held& held) {
  if (held.pid == 0) note_times(held);
  main_.curves.take(held);
  for (auto& [metric, curves] : extra_) curves.take(with_value_of(metric, held));
}

void LeakFold::note_time(Instant t) {
  if (!start_) start_ = t;
  if (last_tick_ && t - *last_tick_ > longest_step_ && question_.window.contains(*last_tick_, t)) {
    longest_step_ = t - *last_tick_;
    facts_.longest_gap = std::max(facts_.longest_gap, to_seconds(longest_step_));
  }
  last_tick_ = t;
}

void LeakFold::note_times(const model::Held& held) {
  note_time(held.first);
  const auto part = held.within(question_.window.begin, question_.window.end);
  if (part && part->ticks > 1) {
    const auto gap = (part->last - part->first) / static_cast<std::int64_t>(part->ticks - 1);
    facts_.longest_gap = std::max(facts_.longest_gap, to_seconds(gap));
  }
  last_tick_ = held.last;
}

void LeakFold::take(const model::Settings& settings) {
  add_extra_metrics(settings);
  main_.metric = settings.metric.value_or(main_.metric);
  main_.curves.take(settings);
  for (auto& [metric, curves] : extra_) curves.take(settings);
  calls_.take(settings);
  facts_.losses.add(settings);
  if (settings.host_memory) host_memory_ = settings.host_memory->mebibytes();
  if (settings.start) start_ = std::min(start_.value_or(*settings.start), *settings.start);
}

/// Adds the extra metrics that were asked for. Those that are read at peaks only are not among them: they
/// rise by construction.
void LeakFold::add_extra_metrics(const model::Settings& settings) {
  const auto wants = [&](Metric metric) {
    const auto& all = settings.metrics;
    return metric != main_.metric && std::find(all.begin(), all.end(), metric) != all.end();
  };
  for (const auto metric : telling_metrics) {
    if (!wants(metric)) continue;
    extra_.push_back(
        {metric, TreeCurves(question_.window, question_.least_growth, MetricKind::extra)});
    extra_.back().curves.take(main_.curves.settings());
  }
}

void LeakFold::take(const model::Process& process) {
  auto& start = starts_[process.id.pid];
  if (start != 0 && start != process.id.start) calls_.forget(process.id.pid);
  start = process.id.start;
  main_.curves.take(process);
  for (auto& [metric, curves] : extra_) curves.take(process);
  pass_on(process);
}

void LeakFold::take(const model::Call& call) {
  calls_.take(call);
}

void LeakFold::take(const model::CallGroup& group) {
  calls_.take(group);
}

void LeakFold::take(const model::Exit& exit) {
  // the recording only gets longer, so a process that was too short stays too short
  if (!main_.curves.can_judge(exit.pid)) calls_.forget(exit.pid);
  main_.curves.take(exit);
  for (auto& [metric, curves] : extra_) curves.take(exit);
}

void LeakFold::take(const model::Line& line) {
  pass_on(line);
}

void LeakFold::take(const model::ObjectCount& objects) {
  pass_on(objects);
}

void LeakFold::take(const model::Lost& lost) {
  if (question_.window.contains(lost.t)) facts_.losses.add(lost);
}

void LeakFold::take(const model::Suspended& suspended) {
  const auto from = suspended.t - suspended.length;
  if (question_.window.touches(from, suspended.t)) facts_.losses.add(suspended);
}

void LeakFold::take(const model::Limit& limit) {
  constexpr std::size_t remembered = 100;
  if (limits_.size() < remembered) limits_.push_back(limit);
}

void LeakFold::take(const model::Damage& damage) {
  if (facts_.damaged_lines++ == 0) facts_.first_damage = damage;
}

LeakReport LeakFold::report() const {
  auto report = facts_;
  report.start = start_.value_or(Instant{});
  const auto& total = main_.curves.total();
  report.samples = total.count();
  report.out_of_order = total.out_of_order();
  if (total.empty()) return report;
  report.first = total.first();
  report.last = total.last();
  report.is_window = !question_.window.is_whole();
  report.has_asked_process = !question_.pid || deciding().curves.can_judge(*question_.pid);
  add_judgements(report);
  if (report.metrics.empty()) return report;
  report.replaced = find_replaced();
  if (report.verdict() == Verdict::leak) explain_leak(report);
  return report;
}

/// True if an extra metric was read often enough, from the start to the end, to decide.
bool LeakFold::is_read_enough(const ByMetric& extra) const {
  constexpr std::size_t enough = 60;  // below, there are fewer than twelve floors
  constexpr double nearly_all = 0.9;
  const auto& curve = extra.curves.total();
  return curve.count() >= enough &&
         to_seconds(curve.length()) >= nearly_all * to_seconds(main_.curves.total().length());
}

/// Returns the metric that decides: the asked one, else the one that says most.
const LeakFold::ByMetric& LeakFold::deciding() const {
  if (question_.metric == main_.metric) return main_;
  for (const auto metric : telling_metrics) {
    if (metric == main_.metric && !question_.metric) return main_;
    for (const auto& extra : extra_) {
      if (extra.metric != metric || extra.curves.total().empty()) continue;
      const bool is_asked = question_.metric == metric;
      if (is_asked || (!question_.metric && is_read_enough(extra))) return extra;
    }
  }
  return main_;
}

void LeakFold::add_judgements(LeakReport& report) const {
  const auto& first = deciding();
  if (question_.metric && first.metric != *question_.metric) return;
  const auto add = [&](const ByMetric& by) {
    if (by.curves.total().empty()) return;
    report.metrics.push_back(by.curves.judgement(question_.pid));
    report.metrics.back().metric = by.metric;
  };
  add(first);
  if (question_.metric) return;  // by this one only
  if (&first != &main_) add(main_);
  for (const auto& extra : extra_) {
    if (&extra != &first) add(extra);
  }
}

void LeakFold::explain_leak(LeakReport& report) const {
  report.calls = find_calls(report);
  report.limit = find_limit(report);
  const auto* process = report.process();
  const auto& stretch = *report.deciding().judgement.stretch;
  LeakPlace leak{.from = stretch.from, .to = stretch.to};
  if (process) leak.pid = process->id.pid;
  if (report.calls.per_call && report.calls.calls > 0) leak.calls = report.calls.calls;
  for (const auto& evidence : evidence_) {
    auto found = evidence->findings(leak);
    std::move(found.begin(), found.end(), std::back_inserter(report.findings));
  }
}

CallCause LeakFold::find_calls(const LeakReport& report) const {
  const auto& by = deciding();
  const auto& stretch = report.deciding().judgement.stretch;
  if (const auto* process = report.process()) {
    const auto* curve = by.curves.find(process->id);
    if (!curve) return {};
    return find_cause(calls_, process->id.pid, curve->readings(), *stretch);
  }
  const auto only = calls_.only_process();
  // the total is the memory of that process only if there is no other
  if (!only || !report.deciding().processes.empty()) return {};
  return find_cause(calls_, *only, by.curves.total().readings(), *stretch);
}

/// Returns when the memory reaches the lowest limit above it. What counts is the total if it is the sum over
/// the tree, because limits are those of containers.
std::optional<LimitReached> LeakFold::find_limit(const LeakReport& report) const {
  constexpr double too_far = 24 * 366 * 10;  // hours
  constexpr double seconds_per_hour = 3600;
  const auto& deciding = report.deciding();
  const bool is_sum = main_.curves.settings().sums_children();
  const auto& level = is_sum ? deciding.total : deciding.judgement;
  const bool total_leaks = is_sum && deciding.total.verdict == Verdict::leak;
  const auto& rate = total_leaks ? deciding.total.rate : deciding.judgement.rate;
  if (!level.stretch || !(rate.middle > 0)) return std::nullopt;
  const auto& last_floor = level.stretch->floors.back();
  const double hours = (to_seconds(report.last) - last_floor.seconds) / seconds_per_hour;
  const double now = last_floor.mib + hours * rate.middle;

  std::optional<LimitReached> lowest;
  const auto consider = [&](LimitReached::Of of, double mib) {
    const bool counts = mib > now && (!lowest || mib < lowest->mib);
    if (counts) lowest = LimitReached{of, mib, (mib - now) / rate.middle};
  };
  const auto* process = report.process();
  const auto is_of_this = [&](const model::Limit& limit) {
    return limit.pid == 0 || (process && limit.pid == process->id.pid);
  };
  if (question_.limit_mib) {
    if (*question_.limit_mib <= now)
      return LimitReached{LimitReached::Of::limit, *question_.limit_mib, 0};
    consider(LimitReached::Of::limit, *question_.limit_mib);
  } else {
    for (const auto& limit : limits_) {
      if (is_of_this(limit)) consider(LimitReached::Of::limit, limit.mib);
    }
    if (host_memory_) consider(LimitReached::Of::host_memory, *host_memory_);
  }
  if (!lowest || lowest->hours > too_far) return std::nullopt;
  return lowest;
}

/// Returns the workers that each leak and are replaced by others.
std::optional<ReplacedWorkers> LeakFold::find_replaced() const {
  constexpr std::size_t enough_lives = 4;
  constexpr double most = 0.75;
  std::optional<ReplacedWorkers> found;
  for (const auto& [name, lives] : deciding().curves.ended_lives()) {
    const auto leaking = lives.leaking_rates.size();
    if (lives.ended < enough_lives) continue;
    if (static_cast<double>(leaking) < most * static_cast<double>(lives.ended)) continue;
    if (found && found->lives >= lives.ended) continue;
    found = ReplacedWorkers{name, lives.ended, leaking, median(lives.leaking_rates)};
  }
  return found;
}

}  // namespace mprofpp::leak
