#include "mprofpp/leak/tree_curves.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace mprofpp::leak {
namespace {

constexpr double long_enough = 0.4;  // of the recording, to be judged alone
/// A short-lived process that collects its result grows all its life.
constexpr std::size_t enough_for_a_life = 120;

/// Room for the readings of all curves: 6.4 MB.
constexpr std::size_t most_readings = 400'000;
constexpr std::size_t least_limit = 2000;  // of one curve: two readings for each bin
constexpr std::size_t additions_between_checks = 65536;

bool has_higher_rate(const JudgedProcess& left, const JudgedProcess& right) {
  return left.judgement.rate.middle < right.judgement.rate.middle;
}

/// Returns the index of the process with the highest rate among those with the verdict.
std::optional<std::size_t> fastest(const std::vector<JudgedProcess>& processes, Verdict verdict) {
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < processes.size(); ++i) {
    if (processes[i].judgement.verdict != verdict) continue;
    if (!found || has_higher_rate(processes[*found], processes[i])) found = i;
  }
  return found;
}

}  // namespace

void TreeCurves::take(const model::Sample& sample) {
  add_root(root_.take(sample));
  if (!window_.contains(sample.t)) return;
  note_total(sample.mib);
  total_.add(sample.t, sample.mib);
  if (++additions_ % additions_between_checks == 0) save_memory();
}

void TreeCurves::take(const model::ChildSample& sample) {
  has_child_lines_ = true;
  auto& life = life_of(sample.pid);
  if (kind_ == MetricKind::extra || std::isnan(sample.mib))
    take_last_known(sample);
  else
    root_.take(sample);
  if (!window_.contains(sample.t)) return;
  life.curve.add(sample.t, sample.mib);
  if (++additions_ % additions_between_checks == 0) save_memory();
}

/// A value that was not read is the last one that was, for what is left to the root.
void TreeCurves::take_last_known(const model::ChildSample& sample) {
  auto& known = known_values_[sample.pid];
  if (!std::isnan(sample.mib)) known = sample.mib;
  root_.take(model::ChildSample{sample.pid, known, sample.t});
}

void TreeCurves::take(const model::Held& held) {
  if (held.pid == 0) return add_held_total(held);
  const auto part = held.within(window_.begin, window_.end);
  if (part) life_of(part->pid).curve.add_evenly(part->first, part->last, part->ticks, part->mib);
}

void TreeCurves::add_held_total(const model::Held& held) {
  const auto own = root_.take(held);
  add_root(own.reading);
  const auto part = held.within(window_.begin, window_.end);
  if (!part) return;
  note_total(part->mib);
  if (part->ticks > 1) before_last_ = part->mib;
  total_.add_evenly(part->first, part->last, part->ticks, part->mib);
  if (!own.held_mib) return;
  life_of(*root_.root()).curve.add_evenly(part->first, part->last, part->ticks, *own.held_mib);
}

void TreeCurves::note_total(double mib) {
  if (std::isnan(mib)) return;
  before_last_ = total_.empty() ? mib : total_.last_mib();
}

void TreeCurves::take(const model::Process& process) {
  add_root(root_.take(process));
  const auto known = newest_.find(process.id.pid);
  if (known != analysis::PidIndex::none) {
    const auto& life = lives_[known];
    const bool is_same = life.id.start == process.id.start || life.id.start == 0;
    if (!is_same) newest_.erase(process.id.pid);
  }
  auto& life = life_of(process.id.pid);
  life.id = process.id;
  life.name = process.name;
}

void TreeCurves::take(const model::Exit& exit) {
  add_root(root_.take(exit));
  const auto known = newest_.find(exit.pid);
  if (known == analysis::PidIndex::none) return;
  auto& life = lives_[known];
  life.has_exited = true;
  newest_.erase(exit.pid);
  known_values_.erase(exit.pid);
  if (life.curve.count() < enough_for_a_life) return;
  auto& ended = ended_lives_[life.name];
  ++ended.ended;
  const auto judgement = judge_life(life);
  if (judgement.verdict == Verdict::leak) ended.leaking_rates.push_back(judgement.rate.middle);
  if (!is_judged_alone(life)) life.curve.forget_readings();
}

TreeCurves::Life& TreeCurves::life_of(pid_t pid) {
  const auto known = newest_.find_next(pid);
  if (known != analysis::PidIndex::none) return lives_[known];
  newest_.set(pid, lives_.size());
  return lives_.emplace_back(Life{{pid, 0}, {}, Curve(curve_limit_)});
}

void TreeCurves::add_root(const std::optional<analysis::TimedValue>& reading) {
  if (!reading || !window_.contains(reading->t)) return;
  life_of(*root_.root()).curve.add(reading->t, reading->mib);
}

/// Keeps the curves within their room: first without processes that can no longer be judged alone, then with
/// fewer readings in each curve.
void TreeCurves::save_memory() {
  const auto room_taken = [&] {
    std::size_t count = total_.readings().size();
    for (const auto& life : lives_) count += life.curve.readings().size();
    return count;
  };
  if (room_taken() < most_readings) return;
  drop_short_lives();
  while (room_taken() >= most_readings && curve_limit_ > least_limit) {
    curve_limit_ = std::max(least_limit, curve_limit_ / 2);
    for (auto& life : lives_) life.curve.limit_to(curve_limit_);
  }
}

void TreeCurves::drop_short_lives() {
  for (auto& life : lives_) {
    if (life.has_exited && !is_judged_alone(life)) life.curve.forget_readings();
  }
}

/// The recording only gets longer, so a process that has exited and was too short stays too short.
bool TreeCurves::is_judged_alone(const Life& life) const {
  if (life.curve.count() < fewest_samples || life.curve.readings().empty()) return false;
  return to_seconds(life.curve.last()) - to_seconds(life.curve.first()) >=
         long_enough * (to_seconds(total_.last()) - to_seconds(total_.first()));
}

Judgement TreeCurves::judge_life(const Life& life) const {
  return judge(life.curve.readings(), life.curve.count(), least_growth_);
}

std::vector<JudgedProcess> TreeCurves::judged_processes() const {
  std::vector<JudgedProcess> processes;
  if (!has_child_lines_) return processes;  // the total is the root
  const auto root = root_.living_root();
  const auto add = [&](const Life& life) {
    if (is_judged_alone(life)) processes.push_back({life.id, life.name, judge_life(life)});
  };
  for (const auto& life : lives_) {
    if (root == life.id.pid && !life.has_exited)
      add(with_last_tick(life));
    else
      add(life);
  }
  return processes;
}

/// Returns the root with its reading of the last tick, which is known only once no further line can belong to
/// that tick.
TreeCurves::Life TreeCurves::with_last_tick(Life root) const {
  auto readings = root_;
  const auto own = readings.finish();
  if (own && window_.contains(own->t)) root.curve.add(own->t, own->mib);
  return root;
}

/// Returns what processes that are not judged alone have at the end, as a part of the total.
double TreeCurves::share_of_others() const {
  const double end = to_seconds(total_.last()) - end_cut * to_seconds(total_.length());
  double sum = 0;
  for (const auto& life : lives_) {
    if (life.curve.empty() || is_judged_alone(life)) continue;
    if (to_seconds(life.curve.last()) > end) sum += life.curve.last_mib();
  }
  return sum / before_last_;
}

/// True if the total is the memory of the process: it is the root, and no other was recorded.
bool TreeCurves::is_total(pid_t pid) const {
  return !has_child_lines_ && pid == root_.root();
}

bool TreeCurves::can_judge(pid_t pid) const {
  if (is_total(pid)) return true;
  return std::any_of(lives_.begin(), lives_.end(), [&](const Life& life) {
    return life.id.pid == pid && has_child_lines_ && is_judged_alone(life);
  });
}

MetricJudgement TreeCurves::judgement(std::optional<pid_t> pid) const {
  MetricJudgement result;
  result.total = judge(total_.readings(), total_.count(), least_growth_);
  result.judgement = result.total;
  result.processes = judged_processes();
  if (pid && !is_total(*pid)) {
    const auto is_asked = [&](const JudgedProcess& process) { return process.id.pid == *pid; };
    const auto& all = result.processes;
    const auto found = std::find_if(all.rbegin(), all.rend(), is_asked);
    if (found != all.rend()) {
      result.process = static_cast<std::size_t>(all.rend() - found) - 1;
      result.judgement = found->judgement;
    }
    return result;
  }
  if (!result.processes.empty()) decide(result);
  return result;
}

const Curve* TreeCurves::find(const model::ProcessId& id) const {
  const auto life = std::find_if(lives_.rbegin(), lives_.rend(),
                                 [&](const Life& candidate) { return candidate.id == id; });
  return life == lives_.rend() ? nullptr : &life->curve;
}

/// Decides which judgement counts. The floors of a sum are not the sum of the floors, so a tree of steady
/// processes may look like a leak.
void TreeCurves::decide(MetricJudgement& result) const {
  constexpr double large = 0.2;       // of the memory
  constexpr double very_clear = 3.5;  // standard deviations
  const double others = share_of_others();
  const auto choose = [&](std::size_t index) {
    result.process = index;
    result.judgement = result.processes[index].judgement;
  };
  const bool tree_leaks = result.total.verdict == Verdict::leak;
  if (const auto leaking = fastest(result.processes, Verdict::leak)) return choose(*leaking);
  if (tree_leaks && (result.total.stretch->trend.z >= very_clear || others > large)) {
    result.growth = others > large ? TreeGrowth::number : TreeGrowth::each;
    return;
  }
  if (const auto unclear = fastest(result.processes, Verdict::unsure)) return choose(*unclear);
  if (tree_leaks || (result.total.verdict == Verdict::unsure && others > large)) {
    result.judgement.verdict = Verdict::unsure;
    return;
  }
  result.judgement.verdict = Verdict::steady;
  if (result.total.verdict != Verdict::steady) {
    result.judgement.reason = Reason::every_process_steady;
  }
}

}  // namespace mprofpp::leak
