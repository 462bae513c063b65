#include "mprofpp/analysis/peak.hpp"

#include <algorithm>

#include "mprofpp/base/text.hpp"

namespace mprofpp::analysis {
namespace {

using Source = model::KernelPeak::Source;

void raise(std::optional<Maximum>& maximum, double mib, Instant t) {
  if (mib != mib) return;  // NaN
  if (!maximum || mib > maximum->mib) maximum = Maximum{mib, t};
}

void raise(std::vector<MetricPeak>& metrics, const std::vector<model::Reading>& readings,
           Instant t) {
  for (const auto& reading : readings) {
    const auto is_same = [&](const MetricPeak& peak) { return peak.metric == reading.metric; };
    auto peak = std::find_if(metrics.begin(), metrics.end(), is_same);
    if (peak == metrics.end()) {
      peak = metrics.insert(peak, {reading.metric, {reading.mib, t}, 0, {}});
    }
    if (reading.mib > peak->sampled.mib) peak->sampled = {reading.mib, t};
    ++peak->readings;
  }
}

/// A mark that was read before the last sample may lie below it.
void lift_to_samples(std::optional<KernelMaximum>& kernel, const std::optional<Maximum>& sampled) {
  if (kernel && sampled) kernel->mib = std::max(kernel->mib, sampled->mib);
}

std::optional<double> vms_of(const std::vector<MetricPeak>& metrics) {
  for (const auto& peak : metrics) {
    if (peak.metric == "vms") return peak.sampled.mib;
  }
  return std::nullopt;
}

}  // namespace

std::optional<BestPeak> PeakReport::best() const {
  if (!sampled) return std::nullopt;
  const double measured = kernel ? std::max(kernel->mib, sampled->mib) : sampled->mib;
  if (!sums_children || !largest || !(largest->mib > measured)) return BestPeak{measured};
  return BestPeak{largest->mib, BestPeak::Certainty::at_least};
}

std::optional<double> ProcessPeak::best_mib() const {
  if (kernel) return kernel->mib;
  if (sampled) return sampled->mib;
  return std::nullopt;
}

std::optional<double> PeakReport::percent(std::optional<double> mib) const {
  if (!mib || !host_memory || !(*host_memory > 0)) return std::nullopt;
  return *mib / *host_memory * 100;
}

/// As a chart counts: from the earliest time that there is.
void PeakFold::begin(Instant t) {
  start_ = std::min(start_.value_or(t), t);
}

void PeakFold::take(const model::Call& call) {
  begin(call.t_in);
}

void PeakFold::take(const model::Sample& sample) {
  add_root(root_.take(sample));
  begin(sample.t);
  raise(report_.sampled, sample.mib, sample.t);
  if (!sample.others.empty()) raise(report_.metrics, sample.others, sample.t);
}

void PeakFold::take(const model::ChildSample& sample) {
  auto& process = seen(sample.pid, sample.t);
  raise(process.sampled, sample.mib, sample.t);
  if (!sample.others.empty()) raise(process.metrics, sample.others, sample.t);
  root_.take(sample);
}

void PeakFold::take(const model::Meta& meta) {
  root_.take(meta);
  if (meta.values.empty()) return;
  const auto& value = meta.values.front();
  if (meta.key == "metric") report_.metric = value;
  if (meta.key == "host_memory") report_.host_memory = parse_number(value);
  if (meta.key == "metric_cost") take_costs(meta.values);
  if (meta.key == "start") {
    const auto seconds = parse_number(value);
    if (const auto start = seconds ? instant_from_seconds(*seconds) : std::nullopt) begin(*start);
  }
}

/// metric=seconds, one word each.
void PeakFold::take_costs(const std::vector<std::string>& words) {
  for (const std::string_view word : words) {
    const auto sign = word.find('=');
    if (sign == std::string_view::npos) continue;
    const auto seconds = parse_number(word.substr(sign + 1));
    if (seconds && duration_from_seconds(*seconds)) {
      costs_[std::string(word.substr(0, sign))] = *seconds;
    }
  }
}

void PeakFold::take(const model::Process& process) {
  root_.take(process);
  const auto known = latest_.find(process.id.pid);
  const bool same =
      known != latest_.end() && (report_.processes[known->second].id.start == process.id.start ||
                                 report_.processes[known->second].id.start == 0);
  if (!same) latest_.erase(process.id.pid);
  auto& peak = seen(process.id.pid, process.t);
  peak.id = process.id;
  peak.parent = process.parent;
  peak.name = process.name;
  peak.command = process.command;
}

void PeakFold::take(const model::KernelPeak& peak) {
  const KernelMaximum maximum{peak.mib, peak.source};
  if (peak.source == Source::tree_max)
    report_.largest = maximum;
  else
    latest(peak.pid).kernel = maximum;
  if (!peak.vms) return;
  auto& process = latest(peak.pid);
  process.vms = std::max(process.vms.value_or(0), *peak.vms);
}

void PeakFold::take(const model::Exit& exit) {
  seen(exit.pid, exit.t);
  add_root(root_.take(exit));
}

void PeakFold::take(const model::Damage& damage) {
  ++report_.damaged_lines;
  if (!report_.first_damage) report_.first_damage = damage;
}

ProcessPeak& PeakFold::latest(pid_t pid) {
  const auto [place, added] = latest_.try_emplace(pid, report_.processes.size());
  if (added) {
    auto& process = report_.processes.emplace_back();
    process.id.pid = pid;
    process.is_root = root_.root() == pid;
  }
  return report_.processes[place->second];
}

ProcessPeak& PeakFold::seen(pid_t pid, Instant t) {
  auto& process = latest(pid);
  if (process.first_seen == Instant{}) process.first_seen = t;
  process.last_seen = std::max(process.last_seen, t);
  return process;
}

void PeakFold::add_root(const std::optional<Maximum>& reading) {
  if (reading) raise(seen(*root_.root(), reading->t).sampled, reading->mib, reading->t);
}

/// Of a root that MEM is, MEM's readings are its own.
void PeakFold::settle_metrics() {
  for (auto& peak : report_.metrics) {
    const auto cost = costs_.find(peak.metric);
    if (cost != costs_.end()) peak.cost = cost->second;
  }
  const auto root = root_.root();
  const bool measures_root = root && (!report_.sums_children || report_.processes.size() == 1);
  if (measures_root) latest(*root).metrics = report_.metrics;
  for (auto& process : report_.processes) {
    const auto vms = vms_of(process.metrics);
    if (vms) process.vms = std::max(process.vms.value_or(0), *vms);
  }
  report_.vms = measures_root ? latest(*root).vms : vms_of(report_.metrics);
}

/// Every process of a tree is part of its sum, whatever the samples of the sum missed.
void PeakFold::find_largest_process() {
  for (const auto& process : report_.processes) {
    if (!process.kernel || report_.processes.size() == 1) continue;
    if (report_.largest && report_.largest->mib >= process.kernel->mib) continue;
    report_.largest = process.kernel;
  }
}

PeakReport PeakFold::report() {
  add_root(root_.finish());
  report_.sums_children = root_.sums_children();
  settle_metrics();
  report_.start = start_.value_or(Instant{});
  for (auto& process : report_.processes) {
    lift_to_samples(process.kernel, process.sampled);
    if (!process.is_root) lift_to_samples(report_.largest, process.sampled);
  }
  if (report_.sums_children) find_largest_process();

  const bool measures_root = !report_.sums_children || report_.processes.size() == 1;
  if (root_.root() && measures_root) {
    report_.kernel = latest(*root_.root()).kernel;
    lift_to_samples(report_.kernel, report_.sampled);
  }
  return std::move(report_);
}

}  // namespace mprofpp::analysis
