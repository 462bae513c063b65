#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>

#include "mprofpp/launch/ended.hpp"
#include "mprofpp/proc/sampler.hpp"
#include "mprofpp/record/clock.hpp"
#include "mprofpp/record/extra_metrics.hpp"
#include "mprofpp/record/kernel_peaks.hpp"
#include "mprofpp/record/mark_inlet.hpp"
#include "mprofpp/record/marks.hpp"
#include "mprofpp/record/options.hpp"
#include "mprofpp/record/pace.hpp"
#include "mprofpp/record/python_programs.hpp"
#include "mprofpp/record/totals.hpp"
#include "mprofpp/store/block.hpp"
#include "mprofpp/store/writer.hpp"

namespace mprofpp::record {

/// What is recorded.
struct Subject {
  proc::Roots roots;
  std::vector<std::string> argv;  ///< the command, for the heading
  Bytes inherited_peak;           ///< ru_maxrss of the root says nothing at or below it
};

/// How the root ended: what its zombie told before it was reaped, and what reaping told.
struct RootEnd {
  launch::Ended ended;
  Instant t;
  bool waited_for_children =
      false;  ///< then ru_maxrss is the largest of the tree, not the root's own
};

/// Turns what the sampler finds into the lines of a recording. Knows no event loop: the session says
/// when a tick is due and who has ended.
class Recording {
 public:
  Recording(Subject subject, const Options& options, store::Writer writer, MarkAccess access = {});

  /// Makes the heading, which is written with the first tick.
  void begin();
  /// The program could not be started: leaves no file behind.
  void discard() { writer_.discard_if_unused(); }
  /// One round of readings, begun at `now`; `missed` ticks before it could not be kept, the next is due at
  /// `next_due`.
  void tick(Instant now, std::uint64_t missed, Clock::Steady::time_point next_due);
  /// The bell of the marks rings: empties it.
  void silence_bell() { marks_->silence_bell(); }
  /// Takes the marks that have come since the last tick.
  void take_marks();
  /// Until now nothing could be recorded for that long: the machine slept or we were stopped.
  void suspended(Duration length);
  /// An adopted descendant was reaped.
  void descendant_ended(const launch::Ended& ended);
  /// The program that was started has ended. Ticks may go on for those who outlive it.
  void root_ended(const RootEnd& end);
  /// Nothing more is recorded: `now` is the recording's end, `missed` ticks before it were not kept.
  void finish(End end, Instant now, std::uint64_t missed);

  bool anyone_lives() const { return !sampler_.members().empty(); }
  bool any_root_lives() const { return sampler_.any_root_lives(); }

  /// Nothing where there are none.
  const Marks* marks() const { return marks_ ? &*marks_ : nullptr; }

  /// The time between ticks from now on.
  Duration interval() const { return pace_.interval(); }
  const Clock& clock() const { return clock_; }
  /// Whether ticks still make sense: the disk takes what is written.
  bool going_on() const { return !outcome_.stopped; }
  const Outcome& outcome() const { return outcome_; }

 private:
  proc::Scope scope_at(Instant now);
  proc::Changes look(Instant now, proc::Scope scope);
  void note(const proc::Changes& changes, Instant now);
  void add_changes(const proc::Changes& changes, Instant now);
  void add_process(const proc::Member& member, Instant now);
  void add_exit(pid_t pid, Instant now);
  void add_marking(const proc::Changes& changes, Instant now);
  void add_marks(const proc::Changes& changes, Instant now);
  void add_sample(Bytes value, Instant t);
  pid_t alone_in_sample() const;
  void add_samples(Instant now, Clock::Steady::time_point next_due);
  void read_extra_metrics(Bytes total, Instant now, Clock::Steady::time_point next_due);
  void add_costs();
  void add_losses(Instant now, std::uint64_t missed);
  void add_last_sample(const RootEnd& end);
  void repeat_last_sample(Instant t);
  void add_root_peak(const RootEnd& end);
  void add_largest_process(Bytes largest);
  Bytes rings_of_root() const;
  void add_survivors();
  void notice_removal();
  void explain_missing_marks();
  void write_block();
  void slow_down_if_large();
  void count(Bytes value, Instant t) { totals_.add(value, t, pace_.interval()); }
  pid_t root() const { return subject_.roots.pids.front(); }
  /// Of a program that we started, root_ended() tells more than the sampler can. Later its pid is another's.
  bool is_reaped(pid_t pid) const { return subject_.roots.adopter && pid == root() && !root_end_; }
  bool is_recorded_anyway(pid_t pid) const {
    return options_.children != Children::left_out || subject_.roots.contains(pid);
  }
  bool is_recorded(pid_t pid) const {
    return is_recorded_anyway(pid) || (marks_ && marks_->is_marking(pid));
  }

  const Options& options_;
  Subject subject_;
  Clock clock_;
  Pace pace_;
  proc::Sampler sampler_;
  store::Writer writer_;
  store::Block block_;
  std::optional<Marks> marks_;
  std::optional<python::Unavailable> refusal_;     ///< why no program can make marks
  std::optional<PythonPrograms> python_programs_;  ///< where missing marks are to be explained
  KernelPeaks kernel_peaks_;
  ExtraMetrics extra_metrics_;
  Totals totals_;
  Outcome outcome_;
  /// Of reaped descendants whose EXIT is not written yet.
  std::unordered_map<pid_t, int> statuses_;
  Instant next_scouting_;
  Instant next_loss_line_;
  std::uint64_t unseen_ = 0;
  Bytes largest_process_;            ///< the highest tree-max that was written
  std::optional<Instant> root_end_;  ///< root_ended() was called: those who outlive it go on
  bool was_alone_ = true;            ///< nobody but the root was ever in the tree
};

}  // namespace mprofpp::record
