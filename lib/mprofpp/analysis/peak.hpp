#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "mprofpp/base/instant.hpp"
#include "mprofpp/model/record.hpp"
#include "mprofpp/model/sink.hpp"

namespace mprofpp::analysis {

/// The highest value of a series and when it was first reached. Values that are no number (NaN) never
/// count.
struct Maximum {
  double mib = 0;
  Instant t;
};

/// What the kernel says of a process: it sees every page, between the samples too.
struct KernelMaximum {
  double mib = 0;
  model::KernelPeak::Source source = model::KernelPeak::Source::hwm;
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
  std::optional<KernelMaximum> kernel;  ///< never below `sampled`: a sample is the kernel's word too
};

/// The peaks of a whole recording.
struct PeakReport {
  std::string metric = "rss";
  Instant start;                            ///< of the recording
  std::optional<Maximum> sampled;           ///< of the MEM line
  std::optional<KernelMaximum> kernel;      ///< of what MEM measures; nothing for a tree of several
  std::optional<KernelMaximum> largest;     ///< tree-max: the largest single process of the tree
  std::vector<ProcessPeak> processes;       ///< in the order of their first record
  std::uint64_t damaged_lines = 0;
  std::optional<model::Damage> first_damage;

  /// The best that is known: the kernel's where it knows, else the highest sample.
  std::optional<double> best_mib() const;
};

/// Folds a recording into its peaks. Memory grows with the number of processes only.
class PeakFold : public model::Sink {
 public:
  using Sink::take;
  void take(const model::Sample& sample) override;
  void take(const model::ChildSample& sample) override;
  void take(const model::Meta& meta) override;
  void take(const model::Process& process) override;
  void take(const model::KernelPeak& peak) override;
  void take(const model::Exit& exit) override;
  void take(const model::Damage& damage) override;

  /// Call once, at the end.
  PeakReport report();

 private:
  ProcessPeak& latest(pid_t pid);
  ProcessPeak& seen(pid_t pid, Instant t);
  void settle_root();

  PeakReport report_;
  std::unordered_map<pid_t, std::size_t> latest_;  ///< pid → index of its newest process
  std::optional<pid_t> root_;
  bool sums_children_ = false;
  std::optional<Instant> start_;
  std::optional<model::Sample> last_sample_;
  std::uint64_t samples_ = 0;
  double children_mib_ = 0;  ///< of the lines that belong to last_sample_
  bool has_child_lines_ = false;
  bool root_has_ended_ = false;
};

}  // namespace mprofpp::analysis
