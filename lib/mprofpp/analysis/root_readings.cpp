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
  settings_.update(settings);
}

std::optional<TimedValue> RootReadings::take(const model::Process& process) {
  if (is_sparse_) gone_.push_back(process.id.pid);  // its line follows
  if (process.id.pid == root()) return settle();
  other_processes_.insert(process.id.pid);
  return std::nullopt;
}

void RootReadings::take(const model::ChildSample& sample) {
  has_child_lines_ = true;
  children_ +=
      is_sparse_ ? sample.mib - std::exchange(values_[sample.pid], sample.mib) : sample.mib;
}

std::optional<TimedValue> RootReadings::take(const model::Sample& sample) {
  const auto own = settle();
  const bool has_all_lines = sample.ticks.value_or(0) == 0;
  if (has_all_lines) {
    children_ = 0;
    values_.clear();
  }
  is_sparse_ = sample.ticks.has_value();
  total_ = TimedValue{sample.mib, sample.t};
  is_shared_ = !other_processes_.empty();
  return own;
}

RootReadings::FromHeld RootReadings::take(const model::Held& total) {
  FromHeld from;
  from.reading = settle();
  is_shared_ = !other_processes_.empty();
  from.held_mib = share_of(total.mib);
  return from;
}

std::optional<TimedValue> RootReadings::take(const model::Exit& exit) {
  other_processes_.erase(exit.pid);
  if (is_sparse_) gone_.push_back(exit.pid);
  if (exit.pid != root()) return std::nullopt;
  if (!is_first_) total_.reset();
  const auto own = settle();
  has_ended_ = true;
  return own;
}

std::optional<TimedValue> RootReadings::settle() {
  const auto total = std::exchange(total_, std::nullopt);
  const auto own = total ? share_of(total->mib) : std::nullopt;
  forget_gone();
  if (!own) return std::nullopt;
  return TimedValue{*own, total->t};
}

/// Returns the root's share of the MEM line at a tick.
std::optional<double> RootReadings::share_of(double total) {
  if (!root() || has_ended_) return std::nullopt;
  is_first_ = false;
  if (!settings_.sums_children()) return total;
  const bool lists_children = settings_.children && lists(*settings_.children);
  if (is_shared_ && !has_child_lines_ && !lists_children) return std::nullopt;
  return children_ == 0 ? total : rounded(total - children_);
}

/// Forgets the values of processes that have exited or have another title since the tick.
void RootReadings::forget_gone() {
  for (const pid_t pid : std::exchange(gone_, {})) {
    const auto value = values_.find(pid);
    if (value == values_.end()) continue;
    children_ -= value->second;
    values_.erase(value);
  }
}

}  // namespace mprofpp::analysis
