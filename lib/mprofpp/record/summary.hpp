#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "mprofpp/proc/sampler.hpp"
#include "mprofpp/record/metrics/extra_metrics.hpp"
#include "mprofpp/record/metrics/sharing_watch.hpp"
#include "mprofpp/record/metrics/totals.hpp"
#include "mprofpp/record/options.hpp"
#include "mprofpp/record/outcome.hpp"

namespace mprofpp::record {

/// Gathers the outcome of a recording while it runs.
class Summary {
 public:
  /// `options` must outlive this object.
  Summary(const Options& options, std::string path, Instant start);

  void count_tick() { ++outcome_.ticks; }
  void count_missed(std::uint64_t ticks) { outcome_.missed_ticks += ticks; }
  void count_unseen(std::uint64_t processes) { outcome_.unseen_processes += processes; }
  void add_suspension(Duration length) { outcome_.suspended += length; }
  /// The kernel did not show us the memory of some process.
  void note_refusal() { outcome_.refused = true; }
  /// There was a process other than the root.
  void note_children() { had_children_ = true; }
  /// Takes the memory of all descendants together, or the peak of one of them.
  void add_children(Bytes memory);

  /// Takes a sample of the MEM line, which stands for `interval`.
  void add_sample(Bytes value, Instant t, Duration interval) { totals_.add(value, t, interval); }
  /// Takes what the processes that were read for the sample share, as far as it is known.
  void add_sharing(Bytes total, const std::vector<proc::Member>& members, std::optional<Bytes> pss,
                   Instant now);

  /// Takes the exit status of a launched root, and the best peak that is known of it alone.
  void add_root_end(int status, Bytes peak);
  void stop(Error error) { outcome_.stopped = std::move(error); }

  const Totals& totals() const { return totals_; }
  bool has_stopped() const { return outcome_.stopped.has_value(); }
  bool had_children() const { return had_children_; }

  /// Completes the outcome at the recording's end. `largest` is the peak of the tree's largest process.
  void finish(model::EndReason end, Instant now, Duration interval, const ExtraMetrics& metrics,
              Bytes largest);
  void add_survivors(const std::vector<proc::Member>& members);
  void add_marks(std::uint64_t lost, std::vector<std::string> newer_pythons);
  void add_lines(std::optional<LineOutcome> lines) { outcome_.lines = std::move(lines); }
  void add_objects(const ObjectOutcome& objects) { outcome_.objects = objects; }
  void explain_missing_marks(std::optional<python::MissingMarksReason> reason);

  const Outcome& outcome() const { return outcome_; }

 private:
  void settle_sharing(const ExtraMetrics& metrics);

  const Options& options_;
  Instant start_;
  Totals totals_;
  SharingWatch sharing_;
  Outcome outcome_;
  bool had_children_ = false;
};

}  // namespace mprofpp::record
