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

/// A mark that was read before the last sample may lie below it.
void lift_to_samples(std::optional<KernelMaximum>& kernel, const std::optional<Maximum>& sampled) {
  if (kernel && sampled) kernel->mib = std::max(kernel->mib, sampled->mib);
}

}  // namespace

std::optional<double> PeakReport::best_mib() const {
  if (kernel) return kernel->mib;
  if (sampled) return sampled->mib;
  return std::nullopt;
}

void PeakFold::take(const model::Sample& sample) {
  settle_root();
  if (!start_) start_ = sample.t;
  raise(report_.sampled, sample.mib, sample.t);
  last_sample_ = sample;
  ++samples_;
  children_mib_ = 0;
}

void PeakFold::take(const model::ChildSample& sample) {
  raise(seen(sample.pid, sample.t).sampled, sample.mib, sample.t);
  children_mib_ += sample.mib;
  has_child_lines_ = true;
}

void PeakFold::take(const model::Meta& meta) {
  if (meta.values.empty()) return;
  const auto& value = meta.values.front();
  if (meta.key == "metric") report_.metric = value;
  // several attached processes have lines of their own, and MEM is their sum
  if (meta.key == "root" && meta.values.size() == 1) root_ = parse_integer<pid_t>(value);
  if (meta.key == "tree") sums_children_ = value.find('C') != std::string::npos;
  if (meta.key == "start") {
    if (const auto seconds = parse_number(value)) start_ = instant_from_seconds(*seconds);
  }
}

void PeakFold::take(const model::Process& process) {
  const auto known = latest_.find(process.id.pid);
  const bool same = known != latest_.end() &&
                    (report_.processes[known->second].id.start == process.id.start ||
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
  if (peak.source == Source::tree_max) report_.largest = maximum;
  else latest(peak.pid).kernel = maximum;
}

/// The line before the root's end repeats the last total, without the children it was made of, and what
/// follows it is the memory of those who outlive the root.
void PeakFold::take(const model::Exit& exit) {
  seen(exit.pid, exit.t);
  if (exit.pid != root_) return;
  if (samples_ == 1) settle_root();
  root_has_ended_ = true;
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
    process.is_root = root_ == pid;
  }
  return report_.processes[place->second];
}

ProcessPeak& PeakFold::seen(pid_t pid, Instant t) {
  auto& process = latest(pid);
  if (process.first_seen == Instant{}) process.first_seen = t;
  process.last_seen = std::max(process.last_seen, t);
  return process;
}

/// The root has no lines of its own: MEM is its, less what the children of that tick add to it.
void PeakFold::settle_root() {
  if (!root_ || !last_sample_ || root_has_ended_) return;
  if (sums_children_ && !has_child_lines_ && report_.processes.size() > 1) return;
  const double own = last_sample_->mib - (sums_children_ ? children_mib_ : 0);
  raise(seen(*root_, last_sample_->t).sampled, own, last_sample_->t);
}

PeakReport PeakFold::report() {
  settle_root();
  report_.start = start_.value_or(Instant{});
  for (auto& process : report_.processes) {
    lift_to_samples(process.kernel, process.sampled);
    if (!process.is_root) lift_to_samples(report_.largest, process.sampled);
  }

  const bool measures_root = !sums_children_ || report_.processes.size() == 1;
  if (root_ && measures_root) {
    report_.kernel = latest(*root_).kernel;
    lift_to_samples(report_.kernel, report_.sampled);
  }
  return std::move(report_);
}

}  // namespace mprofpp::analysis
