#include "mprofpp/analysis/history.hpp"

#include <algorithm>
#include <utility>

#include "mprofpp/base/text.hpp"
#include "mprofpp/base/units.hpp"

namespace mprofpp::analysis {
namespace {

constexpr std::size_t most_spans = 60'000;
constexpr std::size_t most_marks = 2'000;
constexpr std::size_t most_child_columns = 300'000;  // 15 MiB
constexpr double most_joined = 6;                    // intervals from one sample to the next

/// A range that was a guess may be passed; the columns then get wider.
std::size_t column_limit(const Grid& grid) {
  return 2 * grid.columns + 16;
}

}  // namespace

bool History::has_samples() const {
  return !total.empty() || std::any_of(processes.begin(), processes.end(),
                                       [](const auto& p) { return !p.series.empty(); });
}

double History::first() const {
  double seconds = std::numeric_limits<double>::infinity();
  if (!total.empty()) seconds = total.first();
  for (const auto& process : processes) {
    if (!process.series.empty()) seconds = std::min(seconds, process.series.first());
  }
  return seconds;
}

double History::last() const {
  double seconds = -std::numeric_limits<double>::infinity();
  if (!total.empty()) seconds = total.last();
  for (const auto& process : processes) {
    if (!process.series.empty()) seconds = std::max(seconds, process.series.last());
  }
  return seconds;
}

std::string History::setting(const std::string& key) const {
  const auto found = meta.find(key);
  return found == meta.end() || found->second.empty() ? std::string() : found->second.front();
}

HistoryFold::HistoryFold(const Grid& grid)
    : history_{.grid = grid, .total = Series(grid, column_limit(grid))}, spans_(grid, most_spans) {}

void HistoryFold::take(const model::Sample& sample) {
  settle_tick();
  leave_gap(sample.t);
  tick_ = sample.t;
  tick_total_ = sample.mib;
  history_.total.add(sample.t, sample.mib);
}

void HistoryFold::take(const model::ChildSample& sample) {
  auto& series = current(sample.pid).series;
  const auto before = series.columns();
  series.add(sample.t, sample.mib);
  child_columns_ += series.columns();
  child_columns_ -= before;
  tick_children_ += sample.mib;
  has_child_lines_ = true;
  if (child_columns_ > most_child_columns) spare_memory();
}

void HistoryFold::take(const model::CommandLine& command) {
  // a second run appended to the file: another curve begins
  history_.total.lift();
  if (history_.command.empty()) history_.command = command.text;
}

void HistoryFold::take(const model::Meta& meta) {
  spans_.add(meta);
  history_.meta.insert_or_assign(meta.key, meta.values);
  if (meta.values.empty()) return;
  const auto& value = meta.values.front();
  if (meta.key == "interval") interval_ = parse_number(value).value_or(0);
  if (meta.key == "tree") sums_children_ = value.find('C') != std::string::npos;
  // several attached processes have lines of their own, and MEM is their sum
  if (meta.key == "root" && meta.values.size() == 1) root_ = parse_integer<pid_t>(value);
}

void HistoryFold::take(const model::Process& process) {
  const auto known = by_pid_.find(process.id.pid);
  if (known == by_pid_.end() || history_.processes[known->second].id != process.id) {
    by_pid_[process.id.pid] = history_.processes.size();
    peak_read_[process.id.pid] = process.t;
    history_.processes.push_back({.id = process.id,
                                  .parent = process.parent,
                                  .name = process.name,
                                  .command = process.command,
                                  .series = Series(history_.grid, column_limit(history_.grid)),
                                  .is_root = root_ == process.id.pid});
    return;
  }
  auto& same = history_.processes[known->second];
  same.name = process.name;
  same.command = process.command;
}

void HistoryFold::take(const model::Call& call) {
  spans_.add(call);
  if (history_.meta.contains("format")) return;
  // mprof's values at a call's ends are readings of their own, often of a moment no sample caught
  history_.total.pass_through(call.t_in, call.mib_in);
  history_.total.pass_through(call.t_out, call.mib_out);
}

void HistoryFold::take(const model::PointMark& mark) {
  if (history_.grid.is_cut(mark.t, mark.t)) return;
  if (history_.marks.size() < most_marks)
    history_.marks.push_back(mark);
  else
    ++history_.marks_left_out;
}

/// The line before the root's end repeats the last total, without the children it was made of.
void HistoryFold::take(const model::Exit& exit) {
  if (root_ != exit.pid) return;
  tick_total_ = unknown;
  root_.reset();
}

void HistoryFold::take(const model::Lost& lost) {
  if (history_.grid.is_cut(lost.t, lost.t)) return;
  if (lost.what == "ticks") history_.lost_ticks += lost.count;
  if (lost.what == "marks") history_.lost_marks += lost.count;
}

/// However short it was: the line is known to say nothing of it.
void HistoryFold::take(const model::Suspended& suspended) {
  was_suspended_ = true;
  if (history_.grid.is_cut(suspended.t - suspended.length, suspended.t)) return;
  history_.suspended += suspended.length;
  take(model::PointMark{suspended.t, 0, "suspended for " + readable(suspended.length)});
}

void HistoryFold::lift() {
  history_.total.lift();
  for (auto& process : history_.processes) process.series.lift();
}

/// A peak is read again and again while it rises: this one was reached since the one before was read. In a
/// window only those count that were reached within it.
void HistoryFold::take(const model::KernelPeak& peak) {
  const auto read_before = peak_read_.find(peak.pid);
  const Instant since =
      read_before == peak_read_.end() ? history_.grid.origin : read_before->second;
  peak_read_[peak.pid] = tick_;
  if (!history_.grid.contains(since, tick_)) return;
  history_.largest_process = std::max(history_.largest_process.value_or(peak.mib), peak.mib);
  if (peak.source != model::KernelPeak::Source::tree_max) current(peak.pid).kernel_peak = peak;
}

void HistoryFold::take(const model::Damage& damage) {
  if (history_.damaged_lines++ == 0) history_.first_damage = damage;
}

ProcessHistory& HistoryFold::current(pid_t pid) {
  const auto [place, is_new] = by_pid_.try_emplace(pid, history_.processes.size());
  if (is_new) {
    history_.processes.push_back({.id = {.pid = pid},
                                  .parent = 0,
                                  .name = {},
                                  .command = {},
                                  .series = Series(history_.grid, column_limit(history_.grid))});
  }
  return history_.processes[place->second];
}

/// A thousand processes share what a few would use for finer columns.
void HistoryFold::spare_memory() {
  child_columns_ = 0;
  for (auto& process : history_.processes) {
    process.series.coarsen();
    child_columns_ += process.series.columns();
  }
}

/// A straight line would claim to know what happened in the ticks that were missed. A recorder that
/// is always late, because its interval is too short for it, still draws a line.
void HistoryFold::leave_gap(Instant t) {
  if (std::exchange(was_suspended_, false)) return lift();
  if (!(interval_ > 0) || history_.total.empty()) return;
  const double step = to_seconds(t - tick_);
  const double usual = std::max(interval_, usual_step_);
  // a single gap changes little of what is usual, ten in a row do
  constexpr double weight = 1.0 / 64;
  usual_step_ = std::lerp(usual, std::min(step, usual / weight), weight);
  if (step <= most_joined * usual) return;
  if (!history_.grid.is_cut(tick_, t)) ++history_.gaps;
  lift();
}

/// The children's samples of a tick follow the MEM line of that tick. What they leave of it is the
/// root's own.
void HistoryFold::settle_tick() {
  // they are not read at quite the same time, so a little more proves nothing
  if (tick_children_ > tick_total_ * 1.1 + 1) history_.children_exceed_total = true;
  const bool is_known = root_ && sums_children_ && !std::isnan(tick_total_);
  if (is_known) current(*root_).series.add(tick_, tick_total_ - tick_children_);
  tick_children_ = 0;
}

History HistoryFold::finish() {
  settle_tick();
  if (!has_child_lines_) {
    // the root alone is the MEM line; among children without lines it is not known
    for (auto& process : history_.processes) {
      process.series = Series(history_.grid, column_limit(history_.grid));
    }
  }
  const double end = history_.has_samples() ? history_.last() : 0;
  history_.spans = spans_.finish(end);
  return std::move(history_);
}

}  // namespace mprofpp::analysis
