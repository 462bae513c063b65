#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "mprofpp/analysis/root_readings.hpp"
#include "mprofpp/base/instant.hpp"
#include "mprofpp/model/record.hpp"
#include "mprofpp/model/sink.hpp"

namespace mprofpp::analysis {

/// What the kernel says of a process: it sees every page, between the samples too.
struct KernelMaximum {
  double mib = 0;
  model::KernelPeak::Source source = model::KernelPeak::Source::hwm;
};

/// The highest value of a metric that was recorded beside the main one.
struct MetricPeak {
  std::string metric;
  Maximum sampled;
  std::uint64_t readings = 0;
  std::optional<double> cost;  ///< seconds that one took on average, if the recorder said so
};

/// One process of the recording, told apart by pid and start time.
struct ProcessPeak {
  model::ProcessId id;
  pid_t parent = 0;      ///< 0 if unknown
  std::string name;      ///< empty if unknown: mprof's recordings have pids only
  std::string command;   ///< empty if unknown
  bool is_root = false;  ///< its memory is (part of) MEM; it has no lines of its own
  Instant first_seen;
  Instant last_seen;
  std::optional<Maximum> sampled;
  std::optional<KernelMaximum> kernel;  ///< never below `sampled`
  std::optional<double> vms;            ///< MiB, the kernel's high-water mark of the address space
  std::vector<MetricPeak> metrics;      ///< as far as it has readings of its own

  /// The best that is known: the kernel's where it knows, else the highest sample.
  std::optional<double> best_mib() const;
};

/// The best known peak of what MEM measures.
struct BestPeak {
  enum class Certainty {
    measured,  ///< the highest sample, or the kernel's own figure
    at_least   ///< one process of a tree alone had more than any sample of the sum
  };

  double mib = 0;
  Certainty certainty = Certainty::measured;
};

/// The peaks of a whole recording.
struct PeakReport {
  std::string metric = "rss";
  Instant start;                         ///< of the recording
  std::optional<Maximum> sampled;        ///< of the MEM line
  std::optional<KernelMaximum> kernel;   ///< of what MEM measures; nothing for a tree of several
  std::optional<KernelMaximum> largest;  ///< the largest single process of the tree
  std::optional<double> vms;             ///< of what MEM measures, where that is one process
  std::vector<MetricPeak> metrics;       ///< of what MEM measures
  std::optional<double> host_memory;     ///< MiB, of the machine that recorded
  std::vector<ProcessPeak> processes;    ///< in the order of their first record
  std::uint64_t damaged_lines = 0;
  std::optional<model::Damage> first_damage;
  bool sums_children = false;  ///< MEM is the sum over the tree, so no process of it had more

  /// The largest of all that is known of what MEM measures; nothing without a sample.
  std::optional<BestPeak> best() const;
  /// What part of the machine's memory `mib` is, in percent.
  std::optional<double> percent(std::optional<double> mib) const;
};

/// Folds a recording into its peaks. Memory grows with the number of processes only.
class PeakFold : public model::Sink {
 public:
  using Sink::take;
  void take(const model::Sample& sample) override;
  void take(const model::ChildSample& sample) override;
  void take(const model::Meta& meta) override;
  void take(const model::Call& call) override;
  void take(const model::Process& process) override;
  void take(const model::KernelPeak& peak) override;
  void take(const model::Exit& exit) override;
  void take(const model::Damage& damage) override;

  /// Call once, at the end.
  PeakReport report();

 private:
  ProcessPeak& latest(pid_t pid);
  ProcessPeak& seen(pid_t pid, Instant t);
  void begin(Instant t);
  void add_root(const std::optional<Maximum>& reading);
  void settle_metrics();
  void find_largest_process();
  void take_costs(const std::vector<std::string>& words);

  PeakReport report_;
  std::unordered_map<pid_t, std::size_t> latest_;  ///< pid → index of its newest process
  RootReadings root_;
  std::unordered_map<std::string, double> costs_;  ///< metric → seconds
  std::optional<Instant> start_;
};

}  // namespace mprofpp::analysis
