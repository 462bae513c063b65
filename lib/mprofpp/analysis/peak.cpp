#include "mprofpp/analysis/peak.hpp"

#include <algorithm>

namespace mprofpp::analysis {
namespace {

using Source = model::KernelPeak::Source;

void raise(std::vector<MetricPeak>& metrics, const std::vector<model::Reading>& readings, Instant t,
           std::uint64_t ticks = 1) {
  for (const auto& reading : readings) {
    const auto is_same = [&](const MetricPeak& peak) { return peak.metric == reading.metric; };
    auto peak = std::find_if(metrics.begin(), metrics.end(), is_same);
    if (peak == metrics.end()) {
      peak = metrics.insert(peak, {reading.metric, {reading.mib, t}, 0, {}});
    }
    if (reading.mib > peak->sampled.mib) peak->sampled = {reading.mib, t};
    peak->readings += ticks;
  }
}

/// Raises a kernel peak to the highest sample, which may be above a mark that was read before it.
void raise_to_samples(std::optional<KernelMaximum>& kernel,
                      const std::optional<TimedValue>& sampled) {
  if (kernel && sampled) kernel->mib = std::max(kernel->mib, sampled->mib);
}

std::optional<double> vms_of(const std::vector<MetricPeak>& metrics) {
  for (const auto& peak : metrics) {
    if (peak.metric == model::Metric::vms) return peak.sampled.mib;
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

/// Lets times count from `t` if it is the earliest time so far, as a chart does.
void PeakFold::begin(Instant t) {
  start_ = std::min(start_.value_or(t), t);
}

void PeakFold::take(const model::Call& call) {
  begin(call.t_in);
}

void PeakFold::take(const model::Sample& sample) {
  add_root(root_.take(sample));
  begin(sample.t);
  peak_times_.take(sample);
  if (!window_.contains(sample.t)) return;
  statistics_.take(sample);
  raise(report_.sampled, sample.mib, sample.t);
  if (!sample.extra_readings.empty()) raise(report_.metrics, sample.extra_readings, sample.t);
}

void PeakFold::take(const model::ChildSample& sample) {
  root_.take(sample);
  latest(sample.pid);  // its place is that of its first record, also outside the window
  if (!window_.contains(sample.t)) return;
  auto& process = seen(sample.pid, sample.t);
  raise(process.sampled, sample.mib, sample.t);
  process.titles.observe(sample.mib);
  if (!sample.extra_readings.empty()) raise(process.metrics, sample.extra_readings, sample.t);
}

void PeakFold::take(const model::Held& held) {
  if (held.pid == 0) return add_held_total(held);
  const auto part = held.within(window_.begin, window_.end);
  if (part) add_held(seen(part->pid, part->first), *part);
}

void PeakFold::add_held_total(const model::Held& held) {
  const auto own = root_.take(held);
  add_root(own.reading);
  peak_times_.take(held);
  auto part = held.within(window_.begin, window_.end);
  if (!part) return;
  statistics_.take(*part);
  raise(report_.sampled, part->mib, part->first);
  raise(report_.metrics, part->extra_readings, part->first, part->ticks);
  if (!own.held_mib) return;
  part->mib = *own.held_mib;
  part->extra_readings.clear();  // they are of all that MEM measures
  add_held(seen(*root_.root(), part->first), *part);
}

void PeakFold::add_held(ProcessPeak& process, const model::Held& held) const {
  raise(process.sampled, held.mib, held.first);
  process.last_seen = std::max(process.last_seen, held.last);
  process.titles.observe(held.mib);
  raise(process.metrics, held.extra_readings, held.first, held.ticks);
}

void PeakFold::take(const model::Settings& settings) {
  root_.take(settings);
  statistics_.take(settings);
  report_.losses.add(settings);
  if (settings.metric) report_.metric = *settings.metric;
  if (settings.host_memory) report_.host_memory = settings.host_memory->mebibytes();
  if (!settings.metric_costs.empty()) costs_ = settings.metric_costs;
  if (settings.start) begin(*settings.start);
}

void PeakFold::take(const model::Process& process) {
  peak_times_.take(process);
  add_root(root_.take(process));
  const auto known = latest_.find(process.id.pid);
  const bool same =
      known != latest_.end() && (report_.processes[known->second].id.start == process.id.start ||
                                 report_.processes[known->second].id.start == 0);
  if (!same) latest_.erase(process.id.pid);
  const auto parent = latest_.find(process.parent);
  const auto parents_index = parent == latest_.end() ? std::nullopt : std::optional(parent->second);
  auto& peak = seen(process.id.pid, process.t);
  peak.id = process.id;
  peak.parent = process.parent;
  peak.titles.change(process, parents_index ? &report_.processes[*parents_index].titles : nullptr);
}

void PeakFold::take(const model::KernelPeak& peak) {
  const auto reached = peak_times_.reached(peak, start_.value_or(Instant::min()));
  if (!window_.contains(reached.begin, reached.end)) return;
  if (peak.source == Source::tree_max)
    report_.largest = KernelMaximum{peak.mib, peak.source};
  else
    take_own(peak);
  if (!peak.vms) return;
  auto& process = latest(peak.pid);
  process.vms = std::max(process.vms.value_or(0), *peak.vms);
}

void PeakFold::take_own(const model::KernelPeak& peak) {
  auto& process = latest(peak.pid);
  process.kernel = KernelMaximum{peak.mib, peak.source};
  process.titles.observe_between_samples(peak.mib);
}

void PeakFold::take(const model::Exit& exit) {
  seen(exit.pid, exit.t);
  add_root(root_.take(exit));
}

void PeakFold::take(const model::Lost& lost) {
  if (window_.contains(lost.t)) report_.losses.add(lost);
}

void PeakFold::take(const model::Suspended& suspended) {
  if (window_.touches(suspended.t - suspended.length, suspended.t)) report_.losses.add(suspended);
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

void PeakFold::add_root(const std::optional<TimedValue>& reading) {
  if (!reading || !window_.contains(reading->t)) return;
  auto& root = seen(*root_.root(), reading->t);
  raise(root.sampled, reading->mib, reading->t);
  root.titles.observe(reading->mib);
}

void PeakFold::settle_titles() {
  for (auto& process : report_.processes) {
    process.name = process.titles.at_peak().name;
    process.command = process.titles.at_peak().command;
  }
}

/// Adds the costs and the address spaces. If MEM measures the root alone, its other metrics are the root's.
void PeakFold::settle_metrics() {
  for (auto& peak : report_.metrics) {
    const auto cost = std::find_if(costs_.begin(), costs_.end(),
                                   [&](const auto& known) { return known.metric == peak.metric; });
    if (cost != costs_.end()) peak.cost = to_seconds(cost->each);
  }
  const auto measured = root_.settings().measured_process(report_.processes.size());
  if (measured) latest(*measured).metrics = report_.metrics;
  for (auto& process : report_.processes) {
    const auto vms = vms_of(process.metrics);
    if (vms) process.vms = std::max(process.vms.value_or(0), *vms);
  }
  report_.vms = measured ? latest(*measured).vms : vms_of(report_.metrics);
}

/// Finds the largest kernel peak of a process. Every process of a tree is part of its sum, so the sum was at
/// least that large even if its samples missed it. A largest process that the recorder wrote is never smaller
/// than any process, but may have been known before the last peak was.
void PeakFold::find_largest_process() {
  const bool is_tree = report_.sums_children && report_.processes.size() > 1;
  for (const auto& process : report_.processes) {
    if (!process.kernel || !(is_tree || report_.largest)) continue;
    if (report_.largest && report_.largest->mib >= process.kernel->mib) continue;
    report_.largest = process.kernel;
  }
}

/// Removes the processes of which nothing is known within the window.
void PeakFold::remove_unseen_processes() {
  if (window_.is_whole()) return;
  std::erase_if(report_.processes, [](const ProcessPeak& process) {
    return !process.is_root && !process.sampled && !process.kernel;
  });
  latest_.clear();
  for (std::size_t i = 0; i < report_.processes.size(); ++i) {
    latest_[report_.processes[i].id.pid] = i;
  }
}

PeakReport PeakFold::report() {
  add_root(root_.finish());
  report_.statistics = statistics_.finish();
  remove_unseen_processes();
  report_.sums_children = root_.settings().sums_children();
  settle_metrics();
  settle_titles();
  report_.start = start_.value_or(Instant{});
  for (auto& process : report_.processes) {
    raise_to_samples(process.kernel, process.sampled);
    if (!process.is_root) raise_to_samples(report_.largest, process.sampled);
  }
  find_largest_process();

  if (const auto measured = root_.settings().measured_process(report_.processes.size())) {
    report_.kernel = latest(*measured).kernel;
    raise_to_samples(report_.kernel, report_.sampled);
  }
  return std::move(report_);
}

}  // namespace mprofpp::analysis
