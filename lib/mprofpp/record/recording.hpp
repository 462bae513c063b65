#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "mprofpp/launch/ended.hpp"
#include "mprofpp/model/tee.hpp"
#include "mprofpp/proc/sampler.hpp"
#include "mprofpp/record/clock.hpp"
#include "mprofpp/record/listener.hpp"
#include "mprofpp/record/marks/channel.hpp"
#include "mprofpp/record/marks/exit_reports.hpp"
#include "mprofpp/record/marks/marks.hpp"
#include "mprofpp/record/marks/missing_marks.hpp"
#include "mprofpp/record/metrics/extra_metrics.hpp"
#include "mprofpp/record/objects/object_counts.hpp"
#include "mprofpp/record/options.hpp"
#include "mprofpp/record/outcome.hpp"
#include "mprofpp/record/pace.hpp"
#include "mprofpp/record/process_lines.hpp"
#include "mprofpp/record/subject.hpp"
#include "mprofpp/record/summary.hpp"
#include "mprofpp/store/recording_file.hpp"

namespace mprofpp::record {

/// Turns the sampler's findings into the records of a recording, in the order of a tick. It does
/// not depend on an event loop: the session reports when a tick is due and which processes have
/// exited.
///
/// The records go to a file and to any other sinks that are given. A file that is never written to,
/// because the program could not be started, is removed.
class Recording {
 public:
  /// The destinations of the records: a file, and sinks that must outlive the recording.
  struct Output {
    store::Writer file;
    std::vector<model::Sink*> sinks = {};
  };

  /// `options` and `listener` must outlive this object.
  Recording(Subject subject, const Options& options, Listener& listener, Output output,
            MarkAccess access = {});
  Recording(const Recording&) = delete;
  Recording& operator=(const Recording&) = delete;

  /// Makes the file header, which the first tick writes.
  void begin();
  /// Runs one round of readings, which started at `now`. `missed` ticks before it were skipped; the
  /// next one is due at `next_due`.
  void tick(Instant now, std::uint64_t missed, Clock::Steady::time_point next_due);
  /// Empties the bell of the marks after it has rung.
  void silence_bell() { marks_->silence_bell(); }
  /// Writes the marks that have arrived since the last tick.
  void take_marks();
  /// Records that nothing could be measured for the last `length`, because the machine slept or the
  /// recorder was stopped.
  void suspended(Duration length);
  /// Remembers the exit status of an adopted descendant that was reaped.
  void descendant_ended(const launch::Ended& ended);
  /// Records the exit of the launched program. Ticks may go on for descendants that outlive it.
  void root_ended(const RootEnd& end);
  /// Ends the recording at `now`; `missed` ticks before it were skipped.
  void finish(model::EndReason end, Instant now, std::uint64_t missed);

  bool any_process_lives() const { return !sampler_.members().empty(); }
  bool any_root_lives() const { return sampler_.any_root_lives(); }

  /// Returns null if no marks are recorded.
  const Marks* marks() const { return marks_ ? &*marks_ : nullptr; }

  /// Returns the time between ticks from now on.
  Duration interval() const { return pace_.interval(); }
  const Clock& clock() const { return clock_; }
  /// Returns false once the file could not be written, so that further ticks are useless.
  bool going_on() const { return !summary_.has_stopped(); }
  const Outcome& outcome() const { return summary_.outcome(); }

 private:
  void open_channel(MarkAccess access);
  proc::Scope scope_at(Instant now);
  proc::Changes observe(Instant now, proc::Scope scope,
                        Clock::Steady::time_point next_due = Clock::Steady::time_point::max());
  void add_changes(const proc::Changes& changes, Instant now);
  void take_exit_reports(const proc::Changes& changes, Instant now);
  void take_last_exit_reports(Instant now);
  Marks::IsWritten is_written_already() const;
  void add_marks(const proc::Changes& changes, Instant now);
  void count_objects(Instant now);
  void finish_objects(Instant now);
  void forget_objects(const proc::Changes& changes);
  void add_sample(Bytes value, Instant t);
  pid_t alone_in_sample() const;
  void add_samples(Instant now, Clock::Steady::time_point next_due);
  void read_extra_metrics(Bytes total, Instant now, Clock::Steady::time_point next_due);
  void add_costs();
  void add_losses(Instant now, std::uint64_t missed);
  void add_unseen(Instant now);
  void add_last_sample(const RootEnd& end);
  void repeat_last_sample(Instant t);
  void add_end(model::EndReason end, Instant now);
  void complete_summary(model::EndReason end, Instant now);
  void notice_removal();
  void flush();
  void slow_down_if_large();
  void become_sparse_if_large();

  const Options& options_;
  Listener& listener_;
  const Subject subject_;
  Clock clock_;
  Pace pace_;
  proc::Sampler sampler_;
  store::RecordingFile file_;
  model::Tee sink_;
  std::optional<MissingMarks> missing_marks_;  ///< empty if no process was launched
  std::optional<Marks> marks_;
  ProcessLines lines_;
  std::optional<ExitReports> exit_reports_;  ///< empty if no process has the agent
  std::optional<ObjectCounts> objects_;      ///< empty if objects are not counted
  ExtraMetrics extra_metrics_;
  Summary summary_;
  bool is_sparse_ = false;
  Instant next_child_check_;
  Instant next_loss_line_;
  std::optional<Instant> root_end_;  ///< set by root_ended(); descendants may outlive the root
};

}  // namespace mprofpp::record
