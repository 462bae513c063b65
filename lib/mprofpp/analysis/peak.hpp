#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "mprofpp/analysis/losses.hpp"
#include "mprofpp/analysis/peak_times.hpp"
#include "mprofpp/analysis/root_readings.hpp"
#include "mprofpp/analysis/statistics.hpp"
#include "mprofpp/analysis/timed_value.hpp"
#include "mprofpp/analysis/titles.hpp"
#include "mprofpp/analysis/window.hpp"
#include "mprofpp/base/instant.hpp"
#include "mprofpp/model/record.hpp"
#include "mprofpp/model/sink.hpp"

namespace mprofpp::analysis {

/// The peak of a process as recorded by the kernel, which counts every page, also between the samples.
struct KernelMaximum {
  double mib = 0;
  model::KernelPeak::Source source = model::KernelPeak::Source::hwm;
};

/// The highest value of a metric that was recorded in addition to the main one.
struct MetricPeak {
  model::Metric metric = model::Metric::rss;
  TimedValue sampled;
  std::uint64_t readings = 0;
  std::optional<double> cost;  ///< average seconds per reading, if the recording has it
};

/// One process of the recording, identified by pid and start time.
struct ProcessPeak {
  model::ProcessId id;
  pid_t parent = 0;      ///< 0 if unknown
  std::string name;      ///< at its peak; empty if unknown: recordings of mprof have only pids
  std::string command;   ///< at its peak; empty if unknown
  Titles titles;         ///< all titles that it had
  bool is_root = false;  ///< its memory is (part of) MEM; it has no lines of its own
  Instant first_seen;
  Instant last_seen;
  std::optional<TimedValue> sampled;
  std::optional<KernelMaximum> kernel;  ///< never below `sampled`
  std::optional<double> vms;            ///< MiB, the largest known size of the address space
  std::vector<MetricPeak> metrics;      ///< from its own readings; empty if it has none

  /// Returns the kernel's peak if known, else the highest sample; nothing if there is neither.
  std::optional<double> best_mib() const;
};

/// The best known peak of what MEM measures.
struct BestPeak {
  enum class Certainty {
    measured,  ///< the highest sample, or the kernel's own figure
    at_least   ///< a single process of the tree had more than any sample of the sum
  };

  double mib = 0;
  Certainty certainty = Certainty::measured;
};

/// The peaks of a recording, or of a window of it.
struct PeakReport {
  model::Metric metric = model::Metric::rss;
  Instant start;                         ///< of the recording
  std::optional<TimedValue> sampled;     ///< of the MEM line
  std::optional<KernelMaximum> kernel;   ///< of what MEM measures; nothing for several processes
  std::optional<KernelMaximum> largest;  ///< the largest single process of the tree
  std::optional<double> vms;             ///< MiB, the largest address space of what MEM measures
  std::vector<MetricPeak> metrics;       ///< of what MEM measures
  std::optional<double> host_memory;     ///< MiB of memory in the machine that recorded
  std::vector<ProcessPeak> processes;    ///< in the order of their first record
  Statistics statistics;                 ///< of the MEM line
  Losses losses;
  std::uint64_t damaged_lines = 0;
  std::optional<model::Damage> first_damage;
  bool sums_children = false;  ///< MEM is the sum over the tree, so no process of it had more

  /// Returns the largest known value of what MEM measures; nothing without a sample.
  std::optional<BestPeak> best() const;
  /// Returns `mib` in percent of the machine's memory; nothing if either is unknown.
  std::optional<double> percent(std::optional<double> mib) const;
};

/// Reads a recording into its peaks. The memory of the fold grows only with the number of processes.
class PeakFold : public model::Sink {
 public:
  /// Counts only what belongs to the window: samples within it, and kernel peaks that were reached within it.
  explicit PeakFold(Window window = {})
      : window_(window), statistics_(window.is_whole() ? SlopeOf::middle : SlopeOf::all) {}

  using Sink::take;
  void take(const model::Sample& sample) override;
  void take(const model::ChildSample& sample) override;
  void take(const model::Held& held) override;
  void take(const model::Settings& settings) override;
  void take(const model::Call& call) override;
  void take(const model::Process& process) override;
  void take(const model::KernelPeak& peak) override;
  void take(const model::Exit& exit) override;
  void take(const model::Lost& lost) override;
  void take(const model::Suspended& suspended) override;
  void take(const model::Damage& damage) override;

  /// Takes the readings of the root from another fold, as RootReadings::follow() does.
  void follow(const RootReadings& leader) { root_.follow(leader); }
  /// Returns the report. Call once, at the end.
  PeakReport report();

 private:
  void take_own(const model::KernelPeak& peak);
  ProcessPeak& latest(pid_t pid);
  ProcessPeak& seen(pid_t pid, Instant t);
  void begin(Instant t);
  void add_root(const std::optional<TimedValue>& reading);
  void add_held_total(const model::Held& held);
  void add_held(ProcessPeak& process, const model::Held& held) const;
  void remove_unseen_processes();
  void settle_metrics();
  void settle_titles();
  void find_largest_process();

  Window window_;
  StatisticsFold statistics_;
  PeakTimes peak_times_;
  PeakReport report_;
  std::unordered_map<pid_t, std::size_t> latest_;  ///< pid → index of its newest process
  RootReadings root_;
  std::vector<model::MetricCost> costs_;
  std::optional<Instant> start_;
};

}  // namespace mprofpp::analysis
