#pragma once

#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "mprofpp/launch/ended.hpp"
#include "mprofpp/model/sink.hpp"
#include "mprofpp/proc/sampler.hpp"
#include "mprofpp/record/marks/marks.hpp"
#include "mprofpp/record/metrics/kernel_peaks.hpp"
#include "mprofpp/record/options.hpp"
#include "mprofpp/record/subject.hpp"

namespace mprofpp::record {

/// Writes what is known about processes other than their samples: the lines PROC, TITLE, PEAK and EXIT.
class ProcessLines {
 public:
  /// All arguments must outlive this object. `marks` is empty if no marks are recorded.
  ProcessLines(const Subject& subject, const Options& options, const std::optional<Marks>& marks,
               model::Sink& sink);

  /// Returns true if lines of the process are written: it is a root, or children are recorded, or
  /// it has made a mark, or its objects have been counted.
  bool is_recorded(pid_t pid) const {
    return is_in_scope(pid) || (marks_ && marks_->is_marking(pid)) || counted_.contains(pid);
  }

  /// Returns true for a launched root until add_root_exit(): the session that reaps it knows more
  /// about its exit than the sampler.
  bool is_reaped_by_session(pid_t pid) const {
    return subject_.is_launched() && pid == subject_.root() && !root_has_exited_;
  }

  /// Writes new names, command lines and titles.
  void add_names(const proc::Changes& changes, Instant now);
  /// Writes the peaks of processes from before they reset the kernel's. Call it before their exits are
  /// written.
  void add_peaks_before_resets(const std::unordered_map<pid_t, Bytes>& peaks, Instant now);
  /// Writes new peaks, and the exits of processes. The root of a launched program is left to add_root_exit().
  void add_peaks_and_exits(const proc::Changes& changes, Instant now);
  /// Introduces excluded children that have made their first mark: they are recorded from now on. Those in
  /// `changes` have their line already.
  void add_marking(const std::vector<const proc::Member*>& marking, const proc::Changes& changes,
                   Instant now);

  /// Introduces an excluded child whose objects have been counted: it is recorded from now on.
  void add_counted(const proc::Member& member, Instant now);

  /// Remembers the exit status of an adopted descendant for its EXIT line.
  void keep_status(const launch::Ended& ended) { statuses_[ended.pid] = ended.status; }

  /// Writes the last peak of a launched root. `rings` is the part of its memory that belongs to the recorder.
  /// Returns the best peak that is known of the root alone; 0 if none is.
  Bytes add_root_peak(const RootEnd& end, Bytes rings);
  /// Writes the exit of a launched root. From then on its pid may belong to another process.
  void add_root_exit(const RootEnd& end);

  /// Writes that one process of the tree had at least `peak`, unless a larger one was written before.
  void add_largest_process(Bytes peak);
  /// Returns the largest peak that add_largest_process() has written.
  Bytes largest_process() const { return largest_process_; }
  /// Writes what is known of the peaks of processes that outlive the recording.
  void add_last_peaks(const std::vector<proc::Member>& members);

  KernelPeaks& peaks() { return peaks_; }

 private:
  bool is_in_scope(pid_t pid) const {
    return options_.children != Children::left_out || subject_.roots.contains(pid);
  }
  void add_process(const proc::Member& member, Instant now);
  void add_titles(const proc::Changes& changes, Instant now);
  void add_exit(pid_t pid, Instant now);

  const Subject& subject_;
  const Options& options_;
  const std::optional<Marks>& marks_;
  model::Sink& sink_;
  KernelPeaks peaks_;
  /// Exit statuses of reaped descendants whose EXIT line is not written yet.
  std::unordered_map<pid_t, int> statuses_;
  std::unordered_set<pid_t> counted_;  ///< excluded children whose objects have been counted
  Bytes largest_process_;
  bool root_has_exited_ = false;
};

}  // namespace mprofpp::record
