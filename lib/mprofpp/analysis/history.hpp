#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "mprofpp/analysis/series.hpp"
#include "mprofpp/analysis/spans.hpp"
#include "mprofpp/model/sink.hpp"

namespace mprofpp::analysis {

/// One process of a recording and its curve.
struct ProcessHistory {
  model::ProcessId id;
  pid_t parent = 0;     ///< 0 if unknown
  std::string name;     ///< empty if the file names no processes
  std::string command;  ///< empty if unknown
  Series series;        ///< empty for the root where the MEM line is its own
  /// The highest one reached in the time to be seen, as far as that is known.
  std::optional<model::KernelPeak> kernel_peak = {};
  bool is_root = false;  ///< the only root of the recording, known from META
};

/// What a chart needs of a recording; small whatever the length of the file.
struct History {
  Grid grid;
  std::string command = {};  ///< as the file has it; empty if it has none
  std::map<std::string, std::vector<std::string>> meta = {};
  Series total;                                ///< the MEM line
  std::vector<ProcessHistory> processes = {};  ///< in the order of their first sight
  std::optional<double> largest_process =
      {};  ///< MiB; the highest kernel peak, the root's tree-max included
  bool children_exceed_total = false;  ///< so MEM was not their sum
  Spans spans = {};
  std::vector<model::PointMark> marks = {};
  std::uint64_t marks_left_out = 0;  ///< behind the first thousands
  std::uint64_t gaps = 0;            ///< in the lines: where many ticks in a row were missed
  std::uint64_t lost_ticks = 0;      ///< all that were missed, shown as gaps or not
  std::uint64_t lost_marks = 0;      ///< calls and marks that nobody could read
  Duration suspended{};              ///< in which the machine slept or the recorder was stopped
  std::uint64_t damaged_lines = 0;
  std::optional<model::Damage> first_damage = {};

  /// Whether any sample is to be seen.
  bool has_samples() const;
  /// From the first to the last thing seen, in seconds; only if has_samples().
  double first() const;
  double last() const;
  /// META <key>'s first value, or empty.
  std::string setting(const std::string& key) const;
};

/// Reads a recording into a History.
class HistoryFold : public model::Sink {
 public:
  explicit HistoryFold(const Grid& grid);

  using Sink::take;
  void take(const model::Sample& sample) override;
  void take(const model::ChildSample& sample) override;
  void take(const model::CommandLine& command) override;
  void take(const model::Meta& meta) override;
  void take(const model::Process& process) override;
  void take(const model::Call& call) override;
  void take(const model::OpenCall& call) override { spans_.add(call); }
  void take(const model::CallGroup& group) override { spans_.add(group); }
  void take(const model::PointMark& mark) override;
  void take(const model::Exit& exit) override;
  void take(const model::KernelPeak& peak) override;
  void take(const model::Lost& lost) override;
  void take(const model::Suspended& suspended) override;
  void take(const model::Damage& damage) override;

  /// What was read. The fold is used up.
  History finish();

 private:
  ProcessHistory& current(pid_t pid);
  void spare_memory();
  void leave_gap(Instant t);
  void lift();
  void settle_tick();

  History history_;
  SpanFold spans_;
  std::unordered_map<pid_t, std::size_t> by_pid_;  // the process that has the pid now
  std::unordered_map<pid_t, Instant>
      peak_read_;  // when the kernel's peak was last read; at first, when the process was seen
  std::size_t child_columns_ = 0;
  std::optional<pid_t> root_;
  bool sums_children_ = false;
  bool has_child_lines_ = false;
  bool was_suspended_ = false;  // since the last sample
  double interval_ = 0;         // seconds; 0 if unknown
  double usual_step_ = 0;       // seconds from one sample to the next, lately
  Instant tick_;
  double tick_total_ = unknown;
  double tick_children_ = 0;
};

}  // namespace mprofpp::analysis
