#include "mprofpp/analysis/root_readings.hpp"

#include <cmath>
#include <utility>

namespace mprofpp::analysis {
namespace {

/// Rounds a difference to the six decimals of the lines that it is computed from.
double rounded(double mib) {
  constexpr double millionths = 1e6;
  constexpr double largest = 9e12;  // in millionths; fits in 64 bits
  const double scaled = mib * millionths;
  if (!(std::abs(scaled) < largest)) return mib;
  return static_cast<double>(std::llrint(scaled)) / millionths;
}

}  // namespace

void RootReadings::take(const model::Settings& settings) {
  if (leader_) return;
  settings_.update(settings);
}

std::optional<TimedValue> RootReadings::take(const model::Process& process) {
  if (leader_) return leader_->newest_;
  newest_.reset();
  if (is_sparse_) gone_.push_back(process.id.pid);  // its line follows
  if (process.id.pid == root()) return newest_ = settle();
  other_processes_.insert(process.id.pid);
  return std::nullopt;
}

void RootReadings::take(const model::ChildSample& sample) {
  if (leader_) return;
  has_child_lines_ = true;
  children_ +=
      is_sparse_ ? sample.mib - std::exchange(values_[sample.pid], sample.mib) : sample.mib;
}

const std::optional<TimedValue>& RootReadings::compute(const model::Sample& sample) {
  newest_ = settle();
  const bool has_all_lines = sample.ticks.value_or(0) == 0;
  if (has_all_lines) {
    children_ = 0;
    if (!values_.empty()) values_.clear();
  }
  is_sparse_ = sample.ticks.has_value();
  total_ = TimedValue{sample.mib, sample.t};
  is_shared_ = !other_processes_.empty();
  return newest_;
}

RootReadings::FromHeld RootReadings::take(const model::Held& total) {
  if (leader_) return leader_->newest_held_;
  FromHeld from;
  from.reading = settle();
  is_shared_ = !other_processes_.empty();
  if (knows_share()) from.held_mib = share_of(total.mib);
  if (living_root()) is_first_ = false;
  return newest_held_ = from;
}

std::optional<TimedValue> RootReadings::take(const model::Exit& exit) {
  if (leader_) return leader_->newest_;
  newest_.reset();
  other_processes_.erase(exit.pid);
  if (is_sparse_) gone_.push_back(exit.pid);
  if (exit.pid != root()) return std::nullopt;
  if (!is_first_) total_.reset();
  newest_ = settle();
  has_ended_ = true;
  return newest_;
}

/// A leader that has already been finished is not asked again.
std::optional<TimedValue> RootReadings::finish() {
  if (leader_) {
    auto leader = *leader_;
    return leader.finish();
  }
  if (!std::exchange(has_finished_, true)) newest_ = settle();
  return newest_;
}

std::optional<TimedValue> RootReadings::settle() {
  std::optional<TimedValue> own;
  if (total_ && living_root()) is_first_ = false;
  if (total_ && knows_share()) own = TimedValue{share_of(total_->mib), total_->t};
  total_.reset();
  forget_gone();
  return own;
}

/// Returns true if the root's share of the MEM line at the last tick is known.
bool RootReadings::knows_share() const {
  if (settings_.roots.size() != 1 || has_ended_) return false;
  if (!settings_.sums_children() || !is_shared_ || has_child_lines_) return true;
  return settings_.children && lists(*settings_.children);
}

/// Returns the root's share of the MEM line at a tick.
double RootReadings::share_of(double total) const {
  const bool is_whole = !settings_.sums_children() || children_ == 0;
  return is_whole ? total : rounded(total - children_);
}

/// Forgets the values of processes that have exited or have another title since the tick.
void RootReadings::forget_gone() {
  if (gone_.empty()) return;
  for (const pid_t pid : std::exchange(gone_, {})) {
    const auto value = values_.find(pid);
    if (value == values_.end()) continue;
    children_ -= value->second;
    values_.erase(value);
  }
}

}  // namespace mprofpp::analysis
