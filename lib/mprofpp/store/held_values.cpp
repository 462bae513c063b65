#include "mprofpp/store/held_values.hpp"

#include <algorithm>
#include <utility>

namespace mprofpp::store {
namespace {

/// Returns the time between two ticks, `ticks` of which passed from `from` to `to`; 0 if the clock was set
/// back.
Duration step_between(Instant from, Instant to, std::uint64_t ticks) {
  return std::max(to - from, Duration::zero()) / static_cast<Duration::rep>(ticks);
}

}  // namespace

void HeldValues::each(const model::Sample& sample) {
  if (!sample.ticks && !is_sparse_) return next_.take(sample);  // dense, as most recordings are
  const auto ticks = sample.ticks.value_or(0);
  const bool is_known = is_sparse_ && !std::exchange(is_broken_, false);
  if (ticks == 0 || !is_known)
    start_at(sample);
  else
    go_on_to(sample);
}

/// Starts with a tick that does not depend on the ticks before.
void HeldValues::start_at(const model::Sample& sample) {
  release();
  settle_all(tick_);
  children_.clear();
  before_ = std::exchange(tick_, {tick_.number + 1, sample.t});
  is_sparse_ = sample.ticks.has_value();
  if (is_sparse_) total_ = sample;
  next_.take(sample);
}

/// Adds the ticks from the last one with lines to this one. A line that repeats the last one waits: if lines
/// of processes follow, it is a tick at which they have changed.
void HeldValues::go_on_to(const model::Sample& sample) {
  if (std::exchange(is_waiting_, false)) hold_total(tick_.t, tick_.t, 1);
  const auto ticks = *sample.ticks;
  const auto step = step_between(tick_.t, sample.t, ticks);
  before_ = {tick_.number + ticks - 1, std::max(tick_.t, sample.t - step)};
  if (ticks > 1) hold_total(tick_.t + step, before_.t, ticks - 1);
  tick_ = {tick_.number + ticks, sample.t};
  is_waiting_ = sample.mib == total_.mib && sample.extra_readings == total_.extra_readings;
  if (is_waiting_) {
    total_.t = sample.t;
    total_.ticks = sample.ticks;
    return;
  }
  release();
  total_ = sample;
  next_.take(sample);
}

/// Adds readings that repeat the MEM line.
void HeldValues::hold_total(Instant first, Instant last, std::uint64_t ticks) {
  if (!held_total_) {
    held_total_ = model::Held{0, total_.mib, first, last, ticks, total_.extra_readings};
    return;
  }
  held_total_->last = last;
  held_total_->ticks += ticks;
}

/// Passes on what was held back.
void HeldValues::release() {
  if (held_total_) next_.take(*std::exchange(held_total_, std::nullopt));
  if (std::exchange(is_waiting_, false)) next_.take(total_);
}

void HeldValues::each(const model::ChildSample& sample) {
  release();
  if (is_sparse_) {
    auto& child = children_[sample.pid];
    if (child.tick > 0) add_held(child, before_);
    child = {sample, tick_.number};
  }
  next_.take(sample);
}

void HeldValues::each(const model::Process& process) {
  release();
  settle(process.id.pid);
  next_.take(process);
}

void HeldValues::each(const model::Exit& exit) {
  release();
  settle(exit.pid);
  next_.take(exit);
}

/// The readings of a Held record are evenly spaced, so a record ends where the interval changes.
void HeldValues::each(const model::Settings& settings) {
  release();
  if (settings.interval && is_sparse_) {
    settle_all(tick_);
    for (auto& [pid, child] : children_) {
      child.line.t = tick_.t;
      child.tick = tick_.number;
    }
  }
  next_.take(settings);
}

/// The line may have been a new value of any series.
void HeldValues::each(const model::Damage& damage) {
  release();
  settle_all(before_);
  children_.clear();
  is_broken_ = true;
  next_.take(damage);
}

void HeldValues::each(const model::End& end) {
  release();
  settle_all(tick_);
  children_.clear();
  next_.take(end);
}

void HeldValues::finish() {
  release();
  settle_all(before_);
  children_.clear();
}

/// Adds the readings of a child from the tick after its line to `last`.
void HeldValues::add_held(const Child& child, Tick last) {
  if (last.number <= child.tick) return;
  const auto ticks = last.number - child.tick;
  const auto step = step_between(child.line.t, last.t, ticks);
  next_.take(model::Held{child.line.pid, child.line.mib, child.line.t + step,
                         std::max(child.line.t + step, last.t), ticks, child.line.extra_readings});
}

/// Adds what is known of a process that exits or gets another title.
void HeldValues::settle(pid_t pid) {
  const auto child = children_.find(pid);
  if (child == children_.end()) return;
  add_held(child->second, tick_);
  children_.erase(child);
}

void HeldValues::settle_all(Tick last) {
  for (const auto& [pid, child] : children_) add_held(child, last);
}

}  // namespace mprofpp::store
