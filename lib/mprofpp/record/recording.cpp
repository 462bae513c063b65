#include "mprofpp/record/recording.hpp"

#include <string>
#include <string_view>
#include <utility>

#include "mprofpp/base/host.hpp"
#include "mprofpp/base/log.hpp"
#include "mprofpp/base/units.hpp"
#include "mprofpp/store/header.hpp"
#include "mprofpp/wire/names.hpp"

namespace mprofpp::record {
namespace {

using namespace std::chrono_literals;

/// The time between two looks at excluded children, which show whether leaving them out matters.
constexpr Duration child_check_interval = 100ms;
constexpr Duration loss_line_gap = 1s;

proc::Sampler::Settings sampler_settings(const Options& options) {
  using Titles = proc::Sampler::Titles;
  const bool all = options.titles == record::Titles::recorded;
  return {options.metric, options.interval, all ? Titles::at_each_tick : Titles::with_looks};
}

model::Settings header_of(const Subject& subject, const Options& options, Instant start) {
  model::Settings settings;
  settings.version = options.version;
  settings.interval = options.interval;
  settings.metric = options.metric;
  settings.metrics = options.metrics;
  settings.host = host_name();
  settings.host_memory = host_memory();
  settings.page_size = page_size();
  settings.start = start;
  settings.roots = subject.roots.pids;
  settings.children = options.children;
  settings.argv = subject.argv;
  return settings;
}

}  // namespace

Recording::Recording(Subject subject, const Options& options, Listener& listener, Output output,
                     MarkAccess access)
    : options_(options),
      listener_(listener),
      subject_(std::move(subject)),
      pace_(options.interval, options.max_size),
      sampler_(subject_.roots, sampler_settings(options)),
      file_(std::move(output.file)),
      sink_{&file_.lines()},
      lines_(subject_, options, marks_, sink_),
      extra_metrics_(options),
      summary_(options, file_.path(), clock_.start()) {
  for (auto* sink : output.sinks) sink_.add(*sink);
  if (subject_.is_launched()) missing_marks_.emplace(subject_, options, access);
  if (access.channel) open_channel(std::move(access));
  if (!options.objects) return;
  const auto& [interval, max_pause, agent] = *options.objects;
  using First = ObjectCounts::First;
  objects_.emplace(interval, subject_.is_launched() ? First::after_interval : First::at_once,
                   std::make_unique<DoorCensusTaker>(agent, max_pause), clock_, sink_);
}

void Recording::open_channel(MarkAccess access) {
  auto& channel = *access.channel;
  if (subject_.is_launched()) {
    const auto is_recorded = [this](pid_t pid) { return lines_.is_recorded(pid); };
    exit_reports_.emplace(
        channel.folder.exits(),
        ExitReports::Context{clock_, options_, sampler_, lines_.peaks(), sink_, is_recorded});
  }
  marks_.emplace(std::move(channel.folder), std::move(channel.rings), *options_.marks, clock_,
                 sink_);
}

void Recording::begin() {
  log::info("recording process " + std::to_string(subject_.root()) + " into " + file_.path());
  auto settings = header_of(subject_, options_, clock_.start());
  settings.without_marks = !marks_;
  is_sparse_ = options_.sparse_from == Bytes{};
  if (is_sparse_) settings.sparse = options_.min_change;
  if (marks_) add_mark_settings(*options_.marks, settings);
  if (options_.objects) settings.objects = options_.objects->interval;
  store::write_header(sink_, std::move(settings));
}

void Recording::tick(Instant now, std::uint64_t missed, Clock::Steady::time_point next_due) {
  summary_.count_tick();
  if (missed > 0) file_.start_over();
  const auto changes = observe(now, scope_at(now), next_due);
  if (sampler_.any_root_lives() || (root_end_ && sums(options_.children))) {
    add_samples(now, next_due);
  }
  add_marks(changes, now);
  count_objects(now);
  add_losses(now, missed);
  if (const auto mark = listener_.recorded(now)) sink_.take(*mark);
  flush();
  become_sparse_if_large();
  slow_down_if_large();
}

void Recording::become_sparse_if_large() {
  if (is_sparse_ || !going_on() || !options_.sparse_from || file_.size() < *options_.sparse_from) {
    return;
  }
  is_sparse_ = true;
  log::info("the recording has reached " + readable(file_.size()) +
            ": only changes are written from now on");
  model::Settings change;
  change.sparse = options_.min_change;
  sink_.take(change);
}

void Recording::slow_down_if_large() {
  if (!going_on() || !pace_.slow_down(file_.size())) return;
  log::info("the recording has reached " + readable(file_.size()) + ": sampling every " +
            readable(interval()) + " from now on");
  sampler_.set_interval(interval());
  model::Settings change;
  change.interval = interval();
  sink_.take(change);
  flush();
  listener_.slowed_down(file_.size(), interval());
}

/// Rings are found before memory is read, so that they are never part of a reading.
proc::Changes Recording::observe(Instant now, proc::Scope scope,
                                 Clock::Steady::time_point next_due) {
  if (marks_) {
    if (marks_->find_rings()) add_changes(sampler_.find_births_now(now), now);
    sampler_.leave_out(marks_->memory_of_rings());
  }
  auto changes = sampler_.tick(now, scope, next_due);
  add_changes(changes, now);
  return changes;
}

void Recording::add_changes(const proc::Changes& changes, Instant now) {
  if (changes.refused) summary_.note_refusal();
  if (missing_marks_) missing_marks_->examine(changes);
  if (marks_ && marks_->find_rings()) {
    lines_.add_marking(marks_->identify(sampler_, changes), changes, now);
  }
  lines_.add_names(changes, now);
  take_exit_reports(changes, now);
  if (marks_) lines_.add_peaks_before_resets(marks_->peaks_before_resets(), now);
  lines_.add_peaks_and_exits(changes, now);
  if (objects_) forget_objects(changes);
}

void Recording::forget_objects(const proc::Changes& changes) {
  for (const auto* gone : {&changes.ended, &changes.ended_unnamed}) {
    for (const auto& member : *gone) objects_->process_ended(member.id);
  }
}

/// Must follow the marks of the same time, which may want a census.
void Recording::count_objects(Instant now) {
  if (!objects_) return;
  for (const auto& taken : objects_->taken()) {
    const auto* member = sampler_.find(taken.process.pid);
    if (member == nullptr || member->id != taken.process) continue;
    if (taken.census) lines_.add_counted(*member, now);
    objects_->add(taken);
  }
  objects_->write_losses(now);
  if (marks_ && marks_->take_guest_points()) objects_->ask_soon();
  objects_->look(sampler_.members(), now);
}

/// Ends the censuses before the processes are looked at for the last time: what a census does to a process is
/// over by then.
void Recording::finish_objects(Instant now) {
  if (!objects_) return;
  objects_->end();
  for (const auto& taken : objects_->taken()) {
    if (lines_.is_recorded(taken.process.pid)) objects_->add(taken);
  }
  objects_->write_losses(now);
  summary_.add_objects(objects_->outcome());
}

/// Must follow the sampler's look: a process that the look found ended has reported before.
void Recording::take_exit_reports(const proc::Changes& changes, Instant now) {
  if (!exit_reports_) return;
  exit_reports_->take(changes, now, interval());
  if (exit_reports_->any_was_unsampled()) summary_.note_children();
  summary_.add_children(exit_reports_->largest_left_out());
}

void Recording::take_last_exit_reports(Instant now) {
  constexpr int most_rounds = 100;  // a tree that starts ever more processes must not delay the end
  for (int round = 0; exit_reports_ && exit_reports_->has_more() && round < most_rounds; ++round) {
    take_exit_reports({}, now);
  }
}

void Recording::take_marks() {
  if (!marks_ || !going_on()) return;
  const Instant now = clock_.now();
  if (marks_->find_rings()) add_changes(sampler_.find_births_now(now), now);
  take_exit_reports({}, now);
  marks_->drain(now, Marks::Which::all);
  count_objects(now);
  flush();
}

void Recording::add_marks(const proc::Changes& changes, Instant now) {
  if (!marks_) return;
  marks_->drain(now, Marks::Which::due);
  for (const auto* gone : {&changes.ended, &changes.ended_unnamed}) {
    for (const auto& member : *gone) {
      if (!lines_.is_reaped_by_session(member.id.pid)) marks_->process_ended(member.id.pid, now);
    }
  }
  marks_->write_unseen_processes(now, is_written_already());
}

Marks::IsWritten Recording::is_written_already() const {
  return [this](pid_t pid) { return exit_reports_ && exit_reports_->has_written(pid); };
}

void Recording::suspended(Duration length) {
  if (!going_on()) return;
  log::info("suspended for " + readable(length));
  summary_.add_suspension(length);
  sink_.take(model::Suspended{clock_.now(), length});
}

proc::Scope Recording::scope_at(Instant now) {
  if (options_.children != Children::left_out) return proc::Scope::tree;
  // PSS and USS need a walk over all pages of every child: too expensive for a hint
  if (options_.metric != model::Metric::rss || now < next_child_check_) return proc::Scope::roots;
  next_child_check_ = now + child_check_interval;
  return proc::Scope::tree;
}

void Recording::add_samples(Instant now, Clock::Steady::time_point next_due) {
  const Bytes others = sampler_.used_by_others();
  if (sampler_.had_children()) summary_.note_children();
  summary_.add_children(others);

  Bytes value = sampler_.used_by_roots();
  if (sums(options_.children)) value += others;
  if (value == Bytes{}) return;  // no process could be read: a gap, not a zero
  read_extra_metrics(value, now, next_due);
  add_sample(value, now);
  if (!lists(options_.children)) return;
  for (const auto& member : sampler_.members()) {
    const bool has_line = !member.is_root || subject_.roots.pids.size() > 1;
    if (!has_line || member.used == Bytes{}) continue;  // started after this tick's reading
    sink_.take(model::ChildSample{member.id.pid, member.used.mebibytes(), now,
                                  extra_metrics_.of(member.id.pid)});
  }
}

void Recording::add_sample(Bytes value, Instant t) {
  summary_.add_sample(value, t, interval());
  sink_.take(model::Sample{value.mebibytes(), t, extra_metrics_.of_total()});
  if (marks_) marks_->add_memory(t, value.mebibytes(), alone_in_sample());
}

/// Returns the process whose resident memory the sample is; 0 if the sample is the sum of several
/// processes or another metric.
pid_t Recording::alone_in_sample() const {
  if (options_.metric != model::Metric::rss) return 0;
  if (!sums(options_.children)) return subject_.roots.pids.size() == 1 ? subject_.root() : 0;
  const auto& members = sampler_.members();
  return members.size() == 1 ? members.front().id.pid : 0;
}

void Recording::read_extra_metrics(Bytes total, Instant now, Clock::Steady::time_point next_due) {
  extra_metrics_.tick(sampler_.members(), total, {next_due, interval()});
  summary_.add_sharing(total, sampler_.members(), extra_metrics_.total_pss(), now);
}

void Recording::add_losses(Instant now, std::uint64_t missed) {
  summary_.count_missed(missed);
  if (missed > 0) {
    sink_.take(model::Lost{now, model::Loss::ticks, missed});
    log::info(std::to_string(missed) + " ticks missed");
  }

  const bool is_due = now >= next_loss_line_ && !(exit_reports_ && exit_reports_->has_more());
  if (is_due && sampler_.unseen() > 0) add_unseen(now);
}

void Recording::add_unseen(Instant now) {
  const auto unseen = sampler_.take_unseen();
  next_loss_line_ = now + loss_line_gap;
  if (options_.children == Children::left_out) return;
  summary_.count_unseen(unseen);
  sink_.take(model::Lost{now, model::Loss::processes, unseen});
}

void Recording::descendant_ended(const launch::Ended& ended) {
  if (sampler_.find(ended.pid) != nullptr) lines_.keep_status(ended);
}

void Recording::root_ended(const RootEnd& end) {
  const auto changes = observe(end.t, proc::Scope::tree);
  if (sampler_.had_children()) summary_.note_children();
  add_last_sample(end);
  const auto rings = marks_ ? marks_->memory_of_rings()[subject_.root()] : Bytes{};
  const auto peak = lines_.add_root_peak(end, rings);
  summary_.add_root_end(end.ended.status, peak);
  lines_.add_root_exit(end);
  add_marks(changes, end.t);
  if (marks_) marks_->process_ended(subject_.root(), end.t);
  log::info("the program exited with status " + std::to_string(end.ended.status));
  root_end_ = end.t;
}

/// Adds the sample at the time of the exit. A zombie has no memory to read, so the sample repeats
/// the last value; for a program too short for a single reading it is the kernel's peak.
void Recording::add_last_sample(const RootEnd& end) {
  if (summary_.totals().samples() > 0) return repeat_last_sample(end.t);
  // if it equals the inherited peak it is only an upper bound, but there is no better value
  add_sample(end.ended.largest, end.t);
}

void Recording::repeat_last_sample(Instant t) {
  file_.start_over();  // the processes have no samples at this time
  add_sample(summary_.totals().last(), t);
}

void Recording::finish(model::EndReason end, Instant now, std::uint64_t missed) {
  finish_objects(now);
  if (now != root_end_) {  // otherwise root_ended() has just looked
    const auto changes = observe(now, proc::Scope::tree);
    const bool has_samples = summary_.totals().samples() > 0;
    if (!root_end_ && end == model::EndReason::ended && has_samples) repeat_last_sample(now);
    add_marks(changes, now);
  }
  take_last_exit_reports(now);
  if (marks_) marks_->finish(now, is_written_already());
  sampler_.stop_waiting();
  add_losses(now, missed);
  if (sampler_.unseen() > 0) add_unseen(now);
  lines_.add_last_peaks(sampler_.members());
  if (sums(options_.children) && summary_.had_children()) {
    lines_.add_largest_process(lines_.peaks().highest());
  }
  add_costs();
  add_end(end, now);
  flush();
  notice_removal();
  complete_summary(end, now);
}

void Recording::add_end(model::EndReason end, Instant now) {
  const auto& totals = summary_.totals();
  sink_.take(model::End{now, end, totals.samples(), totals.peak().mebibytes(),
                        totals.samples() > 0 ? totals.peak_at() : now});
}

void Recording::complete_summary(model::EndReason end, Instant now) {
  summary_.finish(end, now, interval(), extra_metrics_, lines_.largest_process());
  summary_.add_survivors(sampler_.members());
  if (marks_) {
    summary_.add_marks(marks_->lost(), marks_->folder().notes_after(wire::newer_python_note));
    auto lines = marks_->line_outcome();
    if (lines && missing_marks_) lines->saw_python = missing_marks_->saw_python();
    summary_.add_lines(std::move(lines));
  }
  if (missing_marks_) {
    summary_.explain_missing_marks(missing_marks_->explain(marks_ ? &*marks_ : nullptr));
  }
}

void Recording::notice_removal() {
  if (!going_on() || !file_.was_removed()) return;
  const Error error{Errc::not_found, file_.path(), "was removed during the recording",
                    "the recording is lost"};
  summary_.stop(error);
  listener_.file_removed(error);
}

/// Adds the mean cost of reading each additional metric of all processes.
void Recording::add_costs() {
  model::Settings settings;
  for (const auto& [metrics, cost] : extra_metrics_.costs()) {
    for (const auto metric : metrics) {
      if (cost.rounds > 0) settings.metric_costs.push_back({metric, cost.each});
    }
  }
  if (!settings.metric_costs.empty()) sink_.take(settings);
}

void Recording::flush() {
  if (!going_on()) return;
  auto written = file_.flush();
  if (written) return;
  summary_.stop(written.error());
  listener_.stopped(written.error());
}

}  // namespace mprofpp::record
