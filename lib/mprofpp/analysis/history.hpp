#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "mprofpp/analysis/losses.hpp"
#include "mprofpp/analysis/metric_curves.hpp"
#include "mprofpp/analysis/object_curves.hpp"
#include "mprofpp/analysis/peak_times.hpp"
#include "mprofpp/analysis/process_curves.hpp"
#include "mprofpp/analysis/process_events.hpp"
#include "mprofpp/analysis/root_readings.hpp"
#include "mprofpp/analysis/series.hpp"
#include "mprofpp/analysis/spans.hpp"
#include "mprofpp/analysis/statistics.hpp"
#include "mprofpp/analysis/tick_times.hpp"
#include "mprofpp/analysis/window.hpp"
#include "mprofpp/model/sink.hpp"

namespace mprofpp::analysis {

/// Everything a chart needs from a recording. It is small, whatever the length of the file.
struct History {
  Grid grid;
  std::string command = {};  ///< as in the file; empty if it has none
  model::Settings settings = {};
  Series total;                                ///< the MEM line
  std::vector<ProcessHistory> processes = {};  ///< in the order of their first records
  /// MiB: the highest kernel peak of a process, including the root's tree-max.
  std::optional<double> largest_process = {};
  bool children_exceed_total = false;  ///< the children had more than MEM, so MEM is not their sum
  std::vector<ProcessEvent> events = {};  ///< in the order of the file
  Statistics statistics = {};             ///< of the MEM line in the shown time
  Spans spans = {};
  /// The MEM line in the other metrics that the file has for it.
  std::map<model::Metric, Series> other_metrics = {};
  model::Metric own_metric = model::Metric::rss;  ///< of the MEM and CHLD lines
  std::vector<model::PointMark> marks = {};
  std::vector<model::Limit> crossed_limits = {};  ///< also among the marks
  std::uint64_t marks_left_out = 0;               ///< marks after the first few thousand
  std::vector<ProcessObjects> objects = {};       ///< of the whole recording
  std::uint64_t gaps = 0;  ///< gaps in the lines, where many ticks in a row were missed
  /// Within the shown time. The ticks include those that are shown as gaps.
  Losses losses = {};
  std::uint64_t damaged_lines = 0;
  std::optional<model::Damage> first_damage = {};

  /// Returns true if MEM includes the memory of children, as far as the file shows: mprof does not write
  /// whether it recorded with -C.
  bool includes_children() const;
  /// Returns the metrics that the file has for the MEM line, its own first.
  std::vector<model::Metric> metrics() const;
  /// Returns the MEM line in a metric; null if the file has none.
  const Series* total_in(model::Metric metric) const;
  /// True if there is any sample in the shown time.
  bool has_samples() const;
  /// Return the times of the first and the last sample, in seconds. Call only if has_samples().
  double first() const;
  double last() const;
};

/// Whether a history has everything, or only curves, processes and marks, but no spans and statistics. Then
/// its memory does not grow with the number of calls.
enum class HistoryOf { everything, curves };

/// Reads a recording into a History.
class HistoryFold : public model::Sink {
 public:
  /// Takes the values of `metric`, by default those of the MEM and CHLD lines themselves. A tick at which the
  /// metric was not read has no sample.
  explicit HistoryFold(const Grid& grid, std::optional<model::Metric> metric = {},
                       HistoryOf contents = HistoryOf::everything);
  HistoryFold(const HistoryFold&) = delete;  // its parts refer to each other
  HistoryFold& operator=(const HistoryFold&) = delete;

  using Sink::take;
  void take(const model::Sample& sample) override;
  void take(const model::ChildSample& sample) override;
  void take(const model::Held& held) override;
  void take(const model::CommandLine& command) override;
  void take(const model::Settings& settings) override;
  void take(const model::Process& process) override;
  void take(const model::Call& call) override;
  void take(const model::OpenCall& call) override;
  void take(const model::CallGroup& group) override;
  void take(const model::PointMark& mark) override;
  void take(const model::Title& title) override;
  void take(const model::Exit& exit) override;
  void take(const model::KernelPeak& peak) override;
  void take(const model::ObjectCount& objects) override;
  void take(const model::Lost& lost) override;
  void take(const model::Suspended& suspended) override;
  void take(const model::Limit& limit) override;
  void take(const model::Damage& damage) override;

  /// The readings of the root, for folds that are passed every record after this one.
  const RootReadings& root_readings() const { return root_; }
  /// Returns the history. Call once, at the end.
  History finish();

 private:
  bool has_everything() const { return contents_ == HistoryOf::everything; }
  bool has_other_metric() const;
  bool is_missing(double mib) const;
  template <class Record>
  Record in_metric(const Record& record) const;
  void add_sample(const model::Sample& sample);
  void add_child_sample(const model::ChildSample& sample);
  void add_held(const model::Held& held);
  void add_span(const model::Call& call);
  void add_readings(const model::Call& call);
  Instant tick_of(const model::ChildSample& sample) const;
  void add_child(pid_t pid, const TimedValue& reading);
  void add_held_total(const model::Held& held);
  void add_root(const std::optional<TimedValue>& reading);
  void add_held_root(double mib, const model::Held& total);
  bool has_root_curve() const;
  ProcessCurves::RootCurve root_curve() const;
  void leave_gap(Instant t);
  void interrupt();
  void check_sum();
  void add_added_memory();

  History history_;
  Window window_;
  TickTimes ticks_;
  ProcessCurves processes_;
  MetricCurves metrics_;
  StatisticsFold statistics_;
  SpanFold spans_;
  ProcessEventFold events_;
  ObjectCurvesFold objects_;
  AddedMemoryFold added_;
  PeakTimes peak_times_;
  RootReadings root_;
  std::optional<model::Metric> metric_;
  HistoryOf contents_;
  std::unordered_map<pid_t, double> known_values_;  // of processes in metric_
  bool has_child_lines_ = false;
  bool was_suspended_ = false;  // since the last sample
  double interval_ = 0;         // of the recording, in seconds; it is needed for every sample
  double tick_total_ = unknown;
  double tick_children_ = 0;
};

}  // namespace mprofpp::analysis
