#pragma once

#include <functional>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "mprofpp/mark/event_time.hpp"
#include "mprofpp/proc/sampler.hpp"
#include "mprofpp/record/clock.hpp"
#include "mprofpp/record/marks/allowance.hpp"
#include "mprofpp/record/metrics/kernel_peaks.hpp"
#include "mprofpp/record/options.hpp"
#include "mprofpp/ring/exit_pipe.hpp"

namespace mprofpp::record {

/// Handles the reports that processes send when they exit. A process that no sample saw gets its PROC,
/// PEAK and EXIT lines here and does not count as unseen. For a sampled process the report makes the
/// kernel peak exact.
///
/// The number of reports handled at a time and the number of processes written in the long run are
/// limited (see Allowance). A process beyond the limit still counts as unseen, and its peak is still
/// considered for the largest process of the tree.
class ExitReports {
 public:
  /// The objects that the reports concern and that receive the results. All must outlive this object.
  struct Context {
    const Clock& clock;
    const Options& options;
    proc::Sampler& sampler;
    KernelPeaks& peaks;
    model::Sink& sink;
    /// Returns true if the recording has lines about the process.
    std::function<bool(pid_t)> is_recorded;
  };

  /// `pipe` is the reading end of the pipe that processes report through; it is not closed here.
  ExitReports(int pipe, Context context);

  /// Handles the reports that have arrived by `now`. `changes` are the sampler's findings of this tick;
  /// the next call is expected after `interval`.
  void take(const proc::Changes& changes, Instant now, Duration interval);
  /// Returns true if more reports are waiting than the last take() was allowed to handle.
  bool has_more() const { return pipe_.has_more(); }

  /// Returns true if the last two calls of take() wrote lines of an unsampled process with that pid.
  bool has_written(pid_t pid) const;
  /// Returns true if any process that was never sampled has reported its exit.
  bool any_was_unsampled() const { return any_was_unsampled_; }
  /// Returns the highest peak of the processes without lines; 0 if there was none.
  Bytes largest_left_out() const { return largest_left_out_; }

 private:
  struct Peaks {
    Bytes rss;
    Bytes vms;
  };
  /// A process that the sampler knows.
  struct Sampled {
    model::ProcessId id;
    pid_t parent;
    std::string name;
    bool may_have_become_another;  ///< true if it may have called exec since the last look at it
  };
  /// The peaks of an unsampled process at the time when it replaced its program by exec.
  struct Earlier {
    pid_t parent;
    std::uint64_t time;
    Peaks peaks;
  };

  void pass_on_peaks(const proc::Changes& changes);
  void note_sampled(const proc::Changes& changes);
  void take(const wire::ExitRecord& record);
  void take_sampled(const Sampled& sampled, const wire::ExitRecord& record);
  void take_unsampled(const wire::ExitRecord& record);
  static Peaks peaks_of(const wire::ExitRecord& record);
  Peaks peaks_of_all_programs(const wire::ExitRecord& record);
  void raise(pid_t pid, const Peaks& peaks);
  void write(const wire::ExitRecord& record, const Peaks& peaks);
  std::uint64_t ticks_since_boot(std::uint64_t nanoseconds) const;

  ring::ExitPipe pipe_;
  Context context_;
  mark::EventTime time_;
  Allowance allowance_;
  /// Processes that are running, or have exited while reports are waiting.
  std::unordered_map<pid_t, Sampled> sampled_;
  std::unordered_map<pid_t, Earlier> earlier_;
  std::unordered_set<pid_t> written_;         ///< processes written by the last take()
  std::unordered_set<pid_t> written_before_;  ///< processes written by the take() before it
  Bytes largest_left_out_;
  bool any_was_unsampled_ = false;
};

}  // namespace mprofpp::record
