#include "mprofpp/analysis/process_curves.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace mprofpp::analysis {
namespace {

constexpr std::size_t most_columns = 300'000;  // 15 MiB

void add_to(Series& series, const TimedValue& reading) {
  series.add(reading.t, reading.mib);
}

void add_to(Series& series, const model::Held& held) {
  series.add(held);
}

}  // namespace

std::optional<std::size_t> ProcessCurves::find(pid_t pid) const {
  const auto known = by_pid_.find(pid);
  return known == by_pid_.end() ? std::nullopt : std::optional(known->second);
}

ProcessHistory& ProcessCurves::find_or_add(pid_t pid) {
  const auto [place, is_new] = by_pid_.try_emplace(pid, processes_.size());
  latest_pid_ = pid;
  latest_ = place->second;
  if (is_new) {
    append({.id = {.pid = pid}, .parent = 0, .name = {}, .command = {}, .series = empty_series()});
  }
  return processes_[latest_];
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
  by_pid_[process.id.pid] = index;
  latest_pid_ = process.id.pid;
  latest_ = index;
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
  end_absence(process, reading.t);
  newest(process) = reading;
  extend(process, reading);
}

void ProcessCurves::note_unread(pid_t pid, Instant t) {
  auto& process = current(pid);
  end_absence(process, t);
  newest(process).t = t;
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
  const auto before = process.series.columns();
  add_to(process.series, reading);
  columns_ += process.series.columns();
  columns_ -= before;
  if (columns_ > most_columns) spare_memory();
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
void ProcessCurves::end_absence(ProcessHistory& process, Instant t) {
  const auto last = newest(process).t;
  if (last == Instant::min() || last >= ticks_.before_last()) return;
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

/// Widens all columns, also those of curves that begin later: a thousand processes share the memory that a
/// few would use for finer ones.
void ProcessCurves::spare_memory() {
  constexpr std::int64_t most = std::int64_t{1} << 40;
  if (coarsening_ > most) return;  // nothing more can be joined
  columns_ = 0;
  coarsening_ *= 2;
  for (auto& process : processes_) {
    process.series.coarsen();
    columns_ += process.series.columns();
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
