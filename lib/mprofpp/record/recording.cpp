#include "mprofpp/record/recording.hpp"

#include <algorithm>
#include <utility>

#include "mprofpp/base/host.hpp"
#include "mprofpp/base/log.hpp"
#include "mprofpp/base/text.hpp"
#include "mprofpp/base/units.hpp"
#include "mprofpp/store/heading.hpp"
#include "mprofpp/wire/names.hpp"

namespace mprofpp::record {
namespace {

using namespace std::chrono_literals;

/// How often children that are left out are looked at all the same, to say whether they matter.
constexpr Duration scouting_gap = 100ms;
constexpr Duration loss_line_gap = 1s;

std::string tree_letters(Children children) {
  return std::string(sums(children) ? "C" : "") + (lists(children) ? "M" : "");
}

void log_process(const char* what, const proc::Member& member) {
  if (!log::wants_debug()) return;
  log::debug(std::string(what) + " process " + std::to_string(member.id.pid) + " of " +
             std::to_string(member.parent) + ": " + member.name + " (" + member.command + ")");
}

std::vector<std::string> names_of(const std::vector<proc::Metric>& metrics) {
  std::vector<std::string> names;
  for (const auto metric : metrics) names.emplace_back(name_of(metric));
  return names;
}

std::optional<Figures> figures_of(const Totals& totals, Instant start) {
  if (totals.samples() == 0) return std::nullopt;
  return Figures{totals.peak(), totals.peak_at() - start, totals.mean(), totals.last()};
}

std::string_view reason_of(End end) {
  switch (end) {
    case End::timed_out:
      return "timeout";
    case End::interrupted:
      return "interrupted";
    case End::ended:
      break;
  }
  return "ended";
}

}  // namespace

Recording::Recording(Subject subject, const Options& options, store::Writer writer,
                     MarkAccess access)
    : options_(options),
      subject_(std::move(subject)),
      pace_(options.interval, options.max_size),
      sampler_(subject_.roots, {options.metric, options.interval}),
      writer_(std::move(writer)),
      refusal_(std::move(access.refusal)),
      extra_metrics_(options) {
  outcome_.path = writer_.path();
  const bool is_launched = subject_.roots.adopter.has_value();
  auto& inlet = access.inlet;
  if (is_launched && !inlet) python_programs_.emplace(std::nullopt);
  if (!inlet) return;
  const auto others = options.marks->selection.wanted().empty() ? Others::ignored : Others::watched;
  python_programs_.emplace(AgentFiles{options.marks->agent, inlet->folder.path()}, others);
  marks_.emplace(std::move(inlet->folder), std::move(inlet->rings), *options.marks, clock_, block_);
}

void Recording::begin() {
  log::info("recording process " + std::to_string(root()) + " into " + writer_.path());
  store::add_heading(block_, store::Heading{
                                 .argv = subject_.argv,
                                 .roots = subject_.roots.pids,
                                 .version = options_.version,
                                 .host = host_name(),
                                 .host_memory = host_memory(),
                                 .metric = std::string(name_of(options_.metric)),
                                 .metrics = names_of(options_.metrics),
                                 .tree = tree_letters(options_.children),
                                 .interval = options_.interval,
                                 .start = clock_.start(),
                             });
  if (!marks_) return block_.add(model::Meta{"marks", {"none"}});
  for (const auto& setting : mark_settings(*options_.marks)) block_.add(setting);
}

void Recording::tick(Instant now, std::uint64_t missed, Clock::Steady::time_point next_due) {
  ++outcome_.ticks;
  const auto changes = look(now, scope_at(now));
  if (sampler_.any_root_lives() || (root_end_ && sums(options_.children))) {
    add_samples(now, next_due);
  }
  add_marks(changes, now);
  add_losses(now, missed);
  write_block();
  slow_down_if_large();
}

void Recording::slow_down_if_large() {
  const Bytes size(static_cast<std::int64_t>(writer_.bytes_written()));
  if (!going_on() || !pace_.slow_down(size)) return;
  log::info("the recording has " + readable(size) + ": one tick every " + readable(interval()));
  sampler_.set_interval(interval());
  block_.add(store::interval_setting(interval()));
  write_block();
  if (options_.on_slowed_down) options_.on_slowed_down(size, interval());
}

/// Rings are found before memory is read, so that they are never part of a reading.
proc::Changes Recording::look(Instant now, proc::Scope scope) {
  if (marks_) {
    if (marks_->find_rings()) note(sampler_.meet(now), now);
    sampler_.leave_out(marks_->memory_of_rings());
  }
  auto changes = sampler_.tick(now, scope);
  note(changes, now);
  return changes;
}

void Recording::note(const proc::Changes& changes, Instant now) {
  if (marks_ && marks_->find_rings()) add_marking(changes, now);
  add_changes(changes, now);
}

/// Children that are left out are recorded from their first mark on.
void Recording::add_marking(const proc::Changes& changes, Instant now) {
  for (const auto* member : marks_->identify(sampler_, changes)) {
    const auto is_it = [&](const proc::Member* named) { return named->id == member->id; };
    const bool is_told = std::any_of(changes.named.begin(), changes.named.end(), is_it) ||
                         is_recorded_anyway(member->id.pid);
    if (!is_told) add_process(*member, now);
  }
}

void Recording::take_marks() {
  if (!marks_ || !going_on()) return;
  const Instant now = clock_.now();
  if (marks_->find_rings()) note(sampler_.meet(now), now);
  marks_->drain(now, Marks::Which::all);
  write_block();
}

void Recording::add_marks(const proc::Changes& changes, Instant now) {
  if (!marks_) return;
  marks_->drain(now, Marks::Which::due);
  for (const auto& member : changes.ended) {
    if (!is_reaped(member.id.pid)) marks_->process_ended(member.id.pid, now);
  }
  for (const auto& member : changes.stillborn) marks_->process_ended(member.id.pid, now);
  marks_->take_strangers(now);
}

void Recording::add_process(const proc::Member& member, Instant now) {
  block_.add(model::Process{member.id, member.parent, now, member.name, member.command});
}

void Recording::suspended(Duration length) {
  if (!going_on()) return;
  log::info("suspended for " + readable(length));
  outcome_.suspended += length;
  block_.add(model::Suspended{clock_.now(), length});
}

proc::Scope Recording::scope_at(Instant now) {
  if (options_.children != Children::left_out) return proc::Scope::tree;
  // a walk over all pages of every child is too much for a hint
  if (options_.metric != proc::Metric::rss || now < next_scouting_) return proc::Scope::roots;
  next_scouting_ = now + scouting_gap;
  return proc::Scope::tree;
}

void Recording::add_changes(const proc::Changes& changes, Instant now) {
  if (changes.refused) outcome_.refused = true;
  for (const auto* member : changes.named) {
    log_process("seen", *member);
    if (python_programs_) python_programs_->look_at(*member);
    if (!is_recorded(member->id.pid)) continue;
    add_process(*member, now);
  }
  for (const auto* member : changes.peaked) {
    if (options_.metric != proc::Metric::rss) break;  // the kernel's high-water mark is one of RSS
    if (is_recorded(member->id.pid)) kernel_peaks_.update(*member, now, block_);
  }
  for (const auto& member : changes.ended) {
    const pid_t pid = member.id.pid;
    if (log::wants_debug()) log::debug("process " + std::to_string(pid) + " ended");
    if (!is_recorded(pid) || is_reaped(pid)) continue;
    kernel_peaks_.finish(pid, block_);
    add_exit(pid, now);
  }
  // seen, and gone before its memory could be read: it has a name and an end
  for (const auto& member : changes.stillborn) {
    if (is_recorded_anyway(member.id.pid)) add_process(member, now);
    if (is_recorded(member.id.pid) && !is_reaped(member.id.pid)) add_exit(member.id.pid, now);
  }
}

void Recording::add_exit(pid_t pid, Instant now) {
  const auto status = statuses_.find(pid);
  if (status == statuses_.end()) return block_.add(model::Exit{pid, now, std::nullopt});
  block_.add(model::Exit{pid, now, status->second});
  statuses_.erase(status);
}

void Recording::add_samples(Instant now, Clock::Steady::time_point next_due) {
  const Bytes others = sampler_.used_by_others();
  if (sampler_.had_children()) was_alone_ = false;
  outcome_.children_peak = std::max(outcome_.children_peak, others);

  Bytes value = sampler_.used_by_roots();
  if (sums(options_.children)) value += others;
  if (value == Bytes{}) return;  // nobody could be read: a gap, not a zero
  read_extra_metrics(value, now, next_due);
  add_sample(value, now);
  if (!lists(options_.children)) return;
  for (const auto& member : sampler_.members()) {
    const bool has_line = !member.is_root || subject_.roots.pids.size() > 1;
    if (!has_line || member.used == Bytes{}) continue;  // born after this tick's reading
    block_.add(model::ChildSample{member.id.pid, member.used.mebibytes(), now,
                                  extra_metrics_.of(member.id.pid)});
  }
}

void Recording::add_sample(Bytes value, Instant t) {
  count(value, t);
  block_.add(model::Sample{value.mebibytes(), t, extra_metrics_.of_total()});
  if (marks_) marks_->add_memory(t, value.mebibytes(), alone_in_sample());
}

/// The one process whose resident memory a sample is; 0 when it is that of several, or another
/// metric.
pid_t Recording::alone_in_sample() const {
  if (options_.metric != proc::Metric::rss) return 0;
  if (!sums(options_.children)) return subject_.roots.pids.size() == 1 ? root() : 0;
  const auto& members = sampler_.members();
  return members.size() == 1 ? members.front().id.pid : 0;
}

void Recording::read_extra_metrics(Bytes total, Instant now, Clock::Steady::time_point next_due) {
  extra_metrics_.tick(sampler_.members(), total, {next_due, interval()});
  const auto pss = extra_metrics_.total_pss();
  const bool sums_rss = options_.metric == proc::Metric::rss && sums(options_.children);
  if (!pss || !sums_rss || was_alone_) return;
  // at the same height the later one: the first may be from the midst of a fork
  if (outcome_.sharing && total.count() * 101 < outcome_.sharing->rss_sum.count() * 100) return;
  outcome_.sharing = Sharing{*pss, total, now - clock_.start()};
}

void Recording::add_losses(Instant now, std::uint64_t missed) {
  outcome_.missed_ticks += missed;
  if (missed > 0) {
    block_.add(model::Lost{now, "ticks", missed});
    log::info(std::to_string(missed) + " ticks missed");
  }

  unseen_ += sampler_.take_unseen();
  if (options_.children == Children::left_out || unseen_ == 0 || now < next_loss_line_) return;
  next_loss_line_ = now + loss_line_gap;
  outcome_.unseen_processes += unseen_;
  block_.add(model::Lost{now, "processes", std::exchange(unseen_, 0)});
}

void Recording::descendant_ended(const launch::Ended& ended) {
  if (sampler_.find(ended.pid) != nullptr) statuses_[ended.pid] = ended.status;
}

void Recording::root_ended(const RootEnd& end) {
  const auto changes = look(end.t, proc::Scope::tree);
  if (sampler_.had_children()) was_alone_ = false;
  add_last_sample(end);
  add_root_peak(end);
  block_.add(model::Exit{root(), end.t, end.ended.status});
  add_marks(changes, end.t);
  if (marks_) marks_->process_ended(root(), end.t);
  log::info("the program ended with status " + std::to_string(end.ended.status));
  outcome_.status = end.ended.status;
  root_end_ = end.t;
}

void Recording::finish(End end, Instant now, std::uint64_t missed) {
  if (now != root_end_) {  // root_ended() has looked
    const auto changes = look(now, proc::Scope::tree);
    if (!root_end_ && end == End::ended && totals_.samples() > 0) repeat_last_sample(now);
    add_marks(changes, now);
  }
  if (marks_) marks_->finish(now);
  sampler_.expect_no_more();
  next_loss_line_ = now;
  add_losses(now, missed);
  add_survivors();
  if (sums(options_.children) && !was_alone_) add_largest_process(kernel_peaks_.highest());
  add_costs();
  const bool has_samples = totals_.samples() > 0;
  block_.add(model::End{now, std::string(reason_of(end)), totals_.samples(),
                        totals_.peak().mebibytes(), has_samples ? totals_.peak_at() : now});
  write_block();

  notice_removal();

  outcome_.end = end;
  outcome_.duration = now - clock_.start();
  outcome_.interval = interval();
  outcome_.samples = totals_.samples();
  outcome_.figures = figures_of(totals_, clock_.start());
  if (sums(options_.children)) outcome_.largest_process = largest_process_;
  outcome_.lost_marks = marks_ ? marks_->lost() : 0;
  if (marks_) outcome_.newer_pythons = marks_->folder().notes_after(wire::newer_python_note);
  explain_missing_marks();
}

void Recording::explain_missing_marks() {
  if (!python_programs_) return;
  python::Evidence evidence;
  evidence.programs = python_programs_->all_or(subject_.argv);
  evidence.others = python_programs_->others_or(subject_.argv);
  evidence.marks = options_.marks ? python::Marks::wanted : python::Marks::left_out;
  if (options_.marks) evidence.patterns = options_.marks->selection.wanted();
  evidence.unavailable = refusal_;
  if (marks_) {
    marks_->silence_bell();  // it may have brought notes
    const auto& folder = marks_->folder();
    evidence.any_came = marks_->any_came();
    evidence.any_was_foreign = marks_->any_was_foreign();
    evidence.told = {.no_ring = folder.number_in_note(wire::no_ring_note),
                     .decorated = folder.has_note(wire::decorated_note),
                     .undecorable = folder.has_note(wire::undecorable_note),
                     .unknown = folder.has_note(wire::unknown_python_note),
                     .free_threaded = folder.has_note(wire::free_threaded_note),
                     .no_tool = folder.has_note(wire::no_tool_note),
                     .unfit = folder.has_note(wire::unfit_python_note)};
  }
  outcome_.unmarked = python::why_unmarked(evidence);
}

void Recording::notice_removal() {
  if (!going_on() || !writer_.was_removed()) return;
  outcome_.stopped = Error{Errc::not_found, writer_.path(), "was removed while it was written",
                           "the recording is lost"};
  if (options_.on_removed) options_.on_removed(*outcome_.stopped);
}

/// A zombie has no memory to read, so the line that carries the end's time repeats the last value;
/// a program too short for a single reading is told by the kernel's peak.
void Recording::add_last_sample(const RootEnd& end) {
  if (totals_.samples() > 0) return repeat_last_sample(end.t);
  // at the inherited size it is an upper bound only, and still the best there is
  add_sample(end.ended.largest, end.t);
}

void Recording::repeat_last_sample(Instant t) {
  add_sample(totals_.last(), t);
}

/// ru_maxrss starts where the images before the program left it: at or below that it says nothing.
/// It covers waited-for descendants: it is the root's own only if there were none.
void Recording::add_root_peak(const RootEnd& end) {
  using Source = model::KernelPeak::Source;
  const Bytes own = kernel_peaks_.of(root());
  kernel_peaks_.finish(root(), block_);
  const bool telling =
      options_.metric == proc::Metric::rss && end.ended.largest > subject_.inherited_peak;
  const Bytes largest = end.ended.largest - rings_of_root();
  Bytes best = own;
  if (telling && end.waited_for_children) {
    add_largest_process(largest);
  } else if (telling && largest >= own) {
    block_.add(model::KernelPeak{root(), largest.mebibytes(), Source::rusage});
    best = largest;
  }
  const bool measures_root = !sums(options_.children) || was_alone_;
  if (measures_root && best > Bytes{}) outcome_.kernel_peak = std::max(best, totals_.peak());
}

/// A tree of several has no kernel peak, but at least what its largest process had.
void Recording::add_largest_process(Bytes largest) {
  if (largest <= largest_process_) return;
  largest_process_ = largest;
  block_.add(model::KernelPeak{root(), largest.mebibytes(), model::KernelPeak::Source::tree_max});
}

Bytes Recording::rings_of_root() const {
  return marks_ ? marks_->memory_of_rings()[root()] : Bytes{};
}

/// Those who live on: named in the summary, and their peaks as far as they are known.
void Recording::add_survivors() {
  for (const auto& member : sampler_.members()) {
    kernel_peaks_.finish(member.id.pid, block_);
    outcome_.survivors.push_back({member.id.pid, member.name});
  }
}

/// What the metrics beside the main one took, in seconds for one reading of all processes.
void Recording::add_costs() {
  outcome_.metric_costs = extra_metrics_.costs();
  std::vector<std::string> words;
  for (const auto& [metrics, cost] : outcome_.metric_costs) {
    for (const auto metric : metrics) {
      if (cost.rounds == 0) continue;
      words.push_back(std::string(name_of(metric)) + "=" + fixed(to_seconds(cost.each), 6));
    }
  }
  if (!words.empty()) block_.add(model::Meta{"metric_cost", std::move(words)});
}

void Recording::write_block() {
  if (outcome_.stopped || block_.empty()) return;
  auto written = writer_.append(block_.text());
  block_.clear();
  if (written) return;
  outcome_.stopped = std::move(written.error());
  if (options_.on_stopped) options_.on_stopped(*outcome_.stopped);
}

}  // namespace mprofpp::record
