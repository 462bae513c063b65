#include "mprofpp/analysis/process_curves.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace mprofpp::analysis {
namespace {

constexpr std::size_t most_columns = 300'000;  // 15 MiB
constexpr std::size_t additions_between_checks = 8192;

void add_to(Series& series, const TimedValue& reading) {
  series.add(reading.t, reading.mib);
}

void add_to(Series& series, const model::Held& held) {
  series.add(held);
}

}  // namespace

std::optional<std::size_t> ProcessCurves::find(pid_t pid) const {
  const auto index = by_pid_.find(pid);
  return index == PidIndex::none ? std::nullopt : std::optional(index);
}

ProcessHistory& ProcessCurves::add_unknown(pid_t pid) {
  by_pid_.set(pid, processes_.size());
  append({.id = {.pid = pid}, .parent = 0, .name = {}, .command = {}, .series = empty_series()});
  return processes_.back();
}

void ProcessCurves::append(ProcessHistory process) {
  processes_.push_back(std::move(process));
  newest_.push_back({unknown, Instant::min()});
}

ProcessCurves::Taken ProcessCurves::take(const model::Process& process,
                                         std::optional<pid_t> living_root) {
  const auto* parent = titles_of(process.parent);
  const auto known = find(process.id.pid);
  if (known && processes_[*known].id == process.id) {
    processes_[*known].titles.change(process, parent);
    return {*known, false};
  }
  const auto index = processes_.size();
  by_pid_.set(process.id.pid, index);
  Titles titles;
  titles.change(process, parent);
  append({.id = process.id,
          .parent = process.parent,
          .name = {},
          .command = {},
          .series = empty_series(),
          .is_root = living_root == process.id.pid,
          .titles = std::move(titles)});
  return {index, true};
}

const Titles* ProcessCurves::titles_of(pid_t pid) const {
  const auto known = find(pid);
  return known ? &processes_[*known].titles : nullptr;
}

void ProcessCurves::add(pid_t pid, const TimedValue& reading) {
  auto& process = current(pid);
  auto& last = newest(process);
  if (last.t < ticks_.before_last()) end_absence(process, last.t, reading.t);
  last = reading;
  extend(process, reading);
}

void ProcessCurves::note_unread(pid_t pid, Instant t) {
  auto& process = current(pid);
  auto& last = newest(process);
  if (last.t < ticks_.before_last()) end_absence(process, last.t, t);
  last.t = t;
}

void ProcessCurves::add(const model::Held& held) {
  auto& process = current(held.pid);
  newest(process) = {held.mib, held.last};
  extend(process, held);
}

void ProcessCurves::note_unread(const model::Held& held) {
  newest(current(held.pid)).t = held.last;
}

void ProcessCurves::add_root(pid_t pid, const TimedValue& reading, RootCurve curve) {
  auto& root = current(pid);
  auto& latest = newest(root);
  latest.t = reading.t;
  if (std::isnan(reading.mib)) return;
  latest.mib = reading.mib;
  if (curve == RootCurve::own) root.series.add(reading.t, reading.mib);
  observe(root, reading);
}

void ProcessCurves::add_root(const model::Held& held, RootCurve curve) {
  auto& root = current(held.pid);
  if (curve == RootCurve::own) root.series.add(held);
  observe(root, held);
  newest(root) = {held.mib, held.last};
}

template <class Reading>
void ProcessCurves::extend(ProcessHistory& process, const Reading& reading) {
  observe(process, reading);
  add_to(process.series, reading);
  if (++additions_ % additions_between_checks == 0) spare_memory();
}

void ProcessCurves::observe(ProcessHistory& process, const TimedValue& reading) const {
  if (!grid_.is_cut(reading.t, reading.t)) process.titles.observe(reading.mib);
}

void ProcessCurves::observe(ProcessHistory& process, const model::Held& held) const {
  const bool is_shown =
      grid_.outside == Grid::Outside::widen || held.within(grid_.begin, grid_.end).has_value();
  if (is_shown) process.titles.observe(held.mib);
}

/// Without a PROC line, a pid that was not read at one tick may be of another process at the next.
void ProcessCurves::end_absence(ProcessHistory& process, Instant last, Instant t) const {
  if (last == Instant::min()) return;
  const bool is_named = process.id.start != 0;
  if (!is_named || ticks_.is_gap(last, t)) process.series.interrupt();
}

void ProcessCurves::hold_until(const model::Exit& exit) {
  const auto known = find(exit.pid);
  if (!known) return;
  auto& process = processes_[*known];
  const auto last = newest(process).t;
  if (last == ticks_.last()) process.held_until = grid_.seconds(exit.t);
  if (last == ticks_.before_last()) {
    process.held_until = grid_.seconds(std::min(exit.t, ticks_.last()));
  }
}

void ProcessCurves::repeat_readings(Instant t) {
  for (auto& process : processes_) {
    const auto reading = newest(process);
    const bool is_part = reading.t == ticks_.before_last() && std::isnan(process.held_until);
    if (is_part) process.series.pass_through(t, reading.mib);
  }
}

void ProcessCurves::interrupt() {
  for (auto& process : processes_) process.series.interrupt();
}

void ProcessCurves::clear_curves() {
  for (auto& process : processes_) process.series = empty_series();
}

Series ProcessCurves::empty_series() const {
  Series series(grid_);
  series.coarsen(coarsening_);
  return series;
}

std::size_t ProcessCurves::columns() const {
  std::size_t sum = 0;
  for (const auto& process : processes_) sum += process.series.columns();
  return sum;
}

/// Widens all columns, also those of curves that begin later, until they fit: a thousand processes share the
/// memory that a few would use for finer ones.
void ProcessCurves::spare_memory() {
  constexpr std::int64_t most = std::int64_t{1} << 40;  // nothing more can be joined
  constexpr std::int64_t pair = 2;
  const auto fineness = static_cast<std::int64_t>(grid_.fineness);
  while (columns() > most_columns && coarsening_ <= most) {
    // fine columns hold one sample each: joined in pairs, there would be nearly as many
    const auto factor = coarsening_ == 1 ? std::max(fineness, pair) : pair;
    coarsening_ *= factor;
    for (auto& process : processes_) process.series.coarsen(factor);
  }
}

std::vector<ProcessHistory> ProcessCurves::finish() {
  for (auto& process : processes_) {
    process.name = process.titles.at_peak().name;
    process.command = process.titles.at_peak().command;
  }
  return std::move(processes_);
}

}  // namespace mprofpp::analysis
