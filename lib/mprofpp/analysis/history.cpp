#include "mprofpp/analysis/history.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "mprofpp/base/units.hpp"

namespace mprofpp::analysis {
namespace {

constexpr std::size_t most_spans = 60'000;
constexpr std::size_t most_marks = 2'000;
constexpr std::size_t most_added_runs = 250'000;  // 30 MiB
constexpr std::size_t most_limits = 8;

}  // namespace

bool History::includes_children() const {
  if (settings.children) return settings.sums_children();
  if (settings.format) return false;
  const bool has_curves = std::any_of(processes.begin(), processes.end(),
                                      [](const auto& process) { return !process.series.empty(); });
  return has_curves && !children_exceed_total;
}

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

std::vector<model::Metric> History::metrics() const {
  std::vector<model::Metric> metrics = {own_metric};
  for (const auto& [metric, series] : other_metrics) metrics.push_back(metric);
  return metrics;
}

const Series* History::total_in(model::Metric metric) const {
  if (metric == settings.metric.value_or(own_metric)) return &total;
  const auto other = other_metrics.find(metric);
  return other == other_metrics.end() ? nullptr : &other->second;
}

HistoryFold::HistoryFold(const Grid& grid, std::optional<model::Metric> metric, HistoryOf contents)
    : history_{.grid = grid, .total = Series(grid)},
      window_(grid.window()),
      processes_(grid, ticks_),
      metrics_(grid, ticks_),
      statistics_(window_.is_whole() ? SlopeOf::middle : SlopeOf::all),
      spans_(grid, most_spans),
      events_(grid),
      added_(most_added_runs),
      metric_(metric),
      contents_(contents) {}

/// Returns true if the values are not those that the lines start with.
bool HistoryFold::has_other_metric() const {
  return metric_ && *metric_ != history_.own_metric;
}

/// Returns true if the value was not read in the other metric.
bool HistoryFold::is_missing(double mib) const {
  return std::isnan(mib) && has_other_metric();
}

/// Returns the record with the value of the metric, or NaN if that was not read.
template <class Record>
Record HistoryFold::in_metric(const Record& record) const {
  auto other = record;
  other.mib = unknown;
  for (const auto& reading : record.extra_readings) {
    if (reading.metric == *metric_) other.mib = reading.mib;
  }
  return other;
}

void HistoryFold::take(const model::Sample& sample) {
  if (!sample.extra_readings.empty()) metrics_.add(sample, interval_);
  if (has_other_metric()) return add_sample(in_metric(sample));
  add_sample(sample);
}

void HistoryFold::add_sample(const model::Sample& sample) {
  add_root(root_.take(sample));
  check_sum();
  leave_gap(sample.t);
  ticks_.go_on_to(sample.t);
  peak_times_.take(sample);
  tick_total_ = sample.mib;
  events_.note_sample();
  if (is_missing(sample.mib)) return;
  history_.total.add(sample.t, sample.mib);
  if (has_everything() && window_.contains(sample.t)) statistics_.take(sample);
}

void HistoryFold::take(const model::ChildSample& sample) {
  if (has_other_metric()) return add_child_sample(in_metric(sample));
  root_.take(sample);
  add_child(sample.pid, {sample.mib, tick_of(sample)});
  tick_children_ += sample.mib;
  has_child_lines_ = true;
}

/// Returns the time of the tick that a sample belongs to. mprof gives every process of a tick a time of its
/// own, a little after that of the MEM line.
Instant HistoryFold::tick_of(const model::ChildSample& sample) const {
  const bool follows_tick = !history_.settings.format && !history_.total.empty();
  return follows_tick ? std::min(sample.t, ticks_.last()) : sample.t;
}

/// Adds a sample in another metric. Where it was not read, the root's share is unknown, too.
void HistoryFold::add_child_sample(const model::ChildSample& sample) {
  auto& known = known_values_[sample.pid];
  if (std::isfinite(sample.mib)) known = sample.mib;
  root_.take(model::ChildSample{sample.pid, known, sample.t});
  add_child(sample.pid, {sample.mib, sample.t});
  if (std::isfinite(sample.mib)) tick_children_ += sample.mib;
  has_child_lines_ = true;
}

void HistoryFold::take(const model::Held& held) {
  if (held.pid == 0) metrics_.add(held, interval_);
  if (has_other_metric()) return add_held(in_metric(held));
  add_held(held);
}

void HistoryFold::add_held(const model::Held& held) {
  if (held.pid == 0) return add_held_total(held);
  is_missing(held.mib) ? processes_.note_unread(held) : processes_.add(held);
}

void HistoryFold::add_held_total(const model::Held& held) {
  const auto own = root_.take(held);
  add_root(own.reading);
  check_sum();
  leave_gap(held.first);
  ticks_.go_on_to(held);
  peak_times_.take(held);
  if (!is_missing(held.mib)) history_.total.add(held);
  if (own.held_mib) add_held_root(*own.held_mib, held);
  const auto part = held.within(window_.begin, window_.end);
  if (!part || is_missing(held.mib) || !has_everything()) return;
  statistics_.take(*part);
}

void HistoryFold::add_child(pid_t pid, const TimedValue& reading) {
  if (is_missing(reading.mib)) return processes_.note_unread(pid, reading.t);
  processes_.add(pid, reading);
}

void HistoryFold::take(const model::CommandLine& command) {
  // a second run was appended to the file: a new line starts
  history_.total.interrupt();
  if (history_.command.empty()) history_.command = command.text;
}

void HistoryFold::take(const model::Settings& settings) {
  spans_.add(settings);
  added_.take(settings);
  history_.settings.update(settings);
  interval_ = to_seconds(history_.settings.interval.value_or(Duration::zero()));
  history_.own_metric = settings.metric.value_or(history_.own_metric);
  if (metric_) history_.settings.metric = metric_;
  history_.losses.add(settings);
  root_.take(settings);
  statistics_.take(settings);
}

void HistoryFold::take(const model::Process& process) {
  objects_.take(process);
  peak_times_.take(process);
  added_.take(process);
  add_root(root_.take(process));                // while it still has the title of that tick
  spans_.end_title(process.id.pid, process.t);  // a TITLE record follows if it renamed itself
  const auto [index, is_new] = processes_.take(process, root_.living_root());
  is_new ? events_.take_new(process, index) : events_.take_known(process, index);
}

void HistoryFold::take(const model::Call& call) {
  if (has_everything()) add_span(call);
  if (has_other_metric()) return;
  if (history_.settings.format) return add_readings(call);
  // mprof reads the memory itself when a call starts and ends, often between two samples
  history_.total.pass_through(call.t_in, call.mib_in);
  history_.total.pass_through(call.t_out, call.mib_out);
}

void HistoryFold::add_span(const model::Call& call) {
  if (!history_.grid.is_cut(call.t_in, call.t_out)) added_.take(call);
  if (!has_other_metric()) return spans_.add(call);
  auto without_total = call;
  without_total.mib_in = without_total.mib_out = unknown;
  spans_.add(without_total);
}

void HistoryFold::take(const model::OpenCall& call) {
  if (has_everything()) spans_.add(call);
}

void HistoryFold::take(const model::Title& title) {
  if (has_everything()) spans_.add(title);
}

/// Lets the curve of the call's process pass through the readings at its start and end, which are of RSS.
void HistoryFold::add_readings(const model::Call& call) {
  const auto& settings = history_.settings;
  const bool is_rss = settings.metric.value_or(model::Metric::rss) == model::Metric::rss;
  if (!is_rss || !processes_.contains(call.pid)) return;
  const bool is_total = !settings.sums_children() && root_.root() == call.pid;
  auto& series = is_total ? history_.total : processes_.current(call.pid).series;
  if (call.rss_in) series.pass_through(call.t_in, *call.rss_in);
  if (call.rss_out) series.pass_through(call.t_out, *call.rss_out);
}

void HistoryFold::take(const model::CallGroup& group) {
  if (!has_everything()) return;
  spans_.add(group);
  if (history_.grid.is_cut(group.t_from, group.t_to)) return;
  added_.take(part_within(group, history_.grid.window()).group);
}

void HistoryFold::take(const model::PointMark& mark) {
  if (history_.grid.is_cut(mark.t, mark.t)) return;
  if (history_.marks.size() < most_marks)
    history_.marks.push_back(mark);
  else
    ++history_.marks_left_out;
}

/// The MEM line before the root's exit repeats the last total without the CHLD lines that were part of it.
void HistoryFold::take(const model::Exit& exit) {
  objects_.take(exit);
  spans_.end_title(exit.pid, exit.t);
  if (const auto known = processes_.find(exit.pid)) events_.take(exit, *known);
  const bool is_root = exit.pid == root_.living_root();
  add_root(root_.take(exit));
  if (is_root && exit.t == ticks_.last()) processes_.repeat_readings(exit.t);
  processes_.hold_until(exit);
  if (exit.pid == root_.root()) tick_total_ = unknown;
}

void HistoryFold::take(const model::ObjectCount& objects) {
  if (has_everything()) objects_.take(objects);
}

void HistoryFold::take(const model::Lost& lost) {
  if (history_.grid.is_cut(lost.t, lost.t)) return;
  history_.losses.add(lost);
}

/// Interrupts the lines even for the shortest suspension: nothing is known of that time.
void HistoryFold::take(const model::Suspended& suspended) {
  was_suspended_ = true;
  if (history_.grid.is_cut(suspended.t - suspended.length, suspended.t)) return;
  history_.losses.add(suspended);
  take(model::PointMark{suspended.t, 0, "suspended for " + readable(suspended.length)});
}

void HistoryFold::take(const model::Limit& limit) {
  const auto size = memory_text(limit.mib);
  take(model::PointMark{limit.t, limit.pid, "crossed " + limit.what + " of " + size});
  if (history_.grid.is_cut(limit.t, limit.t)) return;
  auto& limits = history_.crossed_limits;
  const bool is_known = std::any_of(limits.begin(), limits.end(), [&](const auto& other) {
    return other.what == limit.what && other.mib == limit.mib && other.pid == limit.pid;
  });
  if (!is_known && limits.size() < most_limits) limits.push_back(limit);
}

void HistoryFold::interrupt() {
  history_.total.interrupt();
  metrics_.interrupt();
  processes_.interrupt();
}

/// Counts only peaks that were reached within the window, if there is one.
void HistoryFold::take(const model::KernelPeak& peak) {
  if (has_other_metric()) return;
  const auto reached = peak_times_.reached(peak, history_.grid.origin);
  if (!history_.grid.contains(reached.begin, reached.end)) return;
  history_.largest_process = std::max(history_.largest_process.value_or(peak.mib), peak.mib);
  if (peak.source == model::KernelPeak::Source::tree_max) return;
  auto& process = processes_.current(peak.pid);
  process.kernel_peak = peak;
  process.titles.observe_between_samples(peak.mib);
}

void HistoryFold::take(const model::Damage& damage) {
  if (history_.damaged_lines++ == 0) history_.first_damage = damage;
}

/// Interrupts the curves where ticks were missed, because a straight line would claim to know what happened
/// in between.
void HistoryFold::leave_gap(Instant t) {
  if (std::exchange(was_suspended_, false)) return interrupt();
  if (!(interval_ > 0) || history_.total.empty()) return;
  const auto last = ticks_.last();
  if (!ticks_.is_gap_to(t, interval_)) return;
  if (!history_.grid.is_cut(last, t)) ++history_.gaps;
  interrupt();
}

/// Notices that the children had more than the MEM line of the last tick, so that it cannot be their sum.
void HistoryFold::check_sum() {
  // processes are not read at exactly the same time, so a small excess proves nothing
  if (tick_children_ > tick_total_ * 1.1 + 1) history_.children_exceed_total = true;
  tick_children_ = 0;
  tick_total_ = unknown;
}

/// Adds the root's own reading.
void HistoryFold::add_root(const std::optional<TimedValue>& reading) {
  if (!reading || (std::isnan(reading->mib) && !has_other_metric())) return;
  if (has_root_curve()) processes_.add_root(*root_.root(), *reading, root_curve());
}

void HistoryFold::add_held_root(double mib, const model::Held& total) {
  if (std::isnan(mib) || !has_root_curve()) return;
  auto held = total;
  held.pid = *root_.root();
  held.mib = mib;
  processes_.add_root(held, root_curve());
}

/// Returns false if the root needs no curve of its own and has no PROC line.
bool HistoryFold::has_root_curve() const {
  return history_.settings.sums_children() || processes_.contains(*root_.root());
}

/// Returns the curve of the root, which is the MEM line unless that is a sum.
ProcessCurves::RootCurve HistoryFold::root_curve() const {
  using Curve = ProcessCurves::RootCurve;
  return history_.settings.sums_children() ? Curve::own : Curve::total;
}

void HistoryFold::add_added_memory() {
  const auto added = added_.finish_by_name();
  for (auto& function : history_.spans.functions) {
    const auto found = added.find(function.name);
    if (found != added.end()) function.added = found->second;
  }
}

History HistoryFold::finish() {
  add_root(root_.finish());
  check_sum();
  // a root without children is the MEM line; next to children without lines it is unknown
  if (!has_child_lines_) processes_.clear_curves();
  history_.processes = processes_.finish();
  history_.other_metrics = metrics_.finish();
  const double end = history_.has_samples() ? history_.last() : 0;
  history_.spans = spans_.finish(end);
  history_.events = events_.finish();
  history_.objects = objects_.curves();
  add_added_memory();
  history_.statistics = statistics_.finish();
  return std::move(history_);
}

}  // namespace mprofpp::analysis
