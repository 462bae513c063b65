#pragma once

#include <sys/types.h>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "mprofpp/analysis/grid.hpp"
#include "mprofpp/analysis/pid_index.hpp"
#include "mprofpp/analysis/series.hpp"
#include "mprofpp/analysis/tick_times.hpp"
#include "mprofpp/analysis/timed_value.hpp"
#include "mprofpp/analysis/titles.hpp"
#include "mprofpp/model/record.hpp"

namespace mprofpp::analysis {

/// One process of a recording and its curve.
struct ProcessHistory {
  model::ProcessId id;
  pid_t parent = 0;     ///< 0 if unknown
  std::string name;     ///< at its peak in the shown time; empty if the file names no processes
  std::string command;  ///< likewise; empty if unknown
  Series series;        ///< empty for a root whose curve is the MEM line
  /// The highest kernel peak reached in the shown time, if known.
  std::optional<model::KernelPeak> kernel_peak = {};
  /// Seconds: its last reading holds until then, because it exited before the next tick. Unknown if it did
  /// not exit, or if its last reading is older than that.
  double held_until = unknown;
  bool is_root = false;  ///< the only root of the recording, known from META
  Titles titles = {};    ///< all titles that it had
};

/// Collects the processes of a recording with their curves.
class ProcessCurves {
 public:
  /// `ticks` outlives it.
  ProcessCurves(const Grid& grid, const TickTimes& ticks) : grid_(grid), ticks_(ticks) {}

  const std::vector<ProcessHistory>& all() const { return processes_; }
  bool contains(pid_t pid) const { return by_pid_.contains(pid); }
  /// Returns the index of the process that has the pid now; nothing if it is not known.
  std::optional<std::size_t> find(pid_t pid) const;
  /// Returns the process that has the pid now, which is added if it is not known.
  ProcessHistory& current(pid_t pid) {
    const auto known = by_pid_.find_next(pid);
    return known == PidIndex::none ? add_unknown(pid) : processes_[known];
  }

  /// The result of a PROC record.
  struct Taken {
    std::size_t index;
    bool is_new;
  };
  /// Adds a process, or the new title of one.
  Taken take(const model::Process& process, std::optional<pid_t> living_root);

  /// Adds a reading of a process at the last tick. Interrupts the curve before it if the process was not read
  /// for long.
  void add(pid_t pid, const TimedValue& reading);
  /// The same where the process was read, but not in the metric of the curves.
  void note_unread(pid_t pid, Instant t);
  /// Adds the readings of a process that have no lines.
  void add(const model::Held& held);
  void note_unread(const model::Held& held);
  /// The curve of the root: its own, or the MEM line, which is not among the curves of the processes.
  enum class RootCurve { own, total };
  /// Add readings of the root. Its curve has gaps only where all curves have them.
  void add_root(pid_t pid, const TimedValue& reading, RootCurve curve);
  void add_root(const model::Held& held, RootCurve curve);

  /// Lets a process that exits keep its last reading until then, but no longer than until the next tick: the
  /// memory of a zombie is gone long before its exit is noticed.
  void hold_until(const model::Exit& exit);
  /// Lets the curves of the processes that are part of a repeated total go on to it.
  void repeat_readings(Instant t);
  void interrupt();
  /// Removes all curves, but not the processes.
  void clear_curves();

  /// Returns the processes, in the order of their first records. Call once, at the end.
  std::vector<ProcessHistory> finish();

 private:
  const Titles* titles_of(pid_t pid) const;
  void end_absence(ProcessHistory& process, Instant last, Instant t) const;
  template <class Reading>
  void extend(ProcessHistory& process, const Reading& reading);
  void observe(ProcessHistory& process, const TimedValue& reading) const;
  void observe(ProcessHistory& process, const model::Held& held) const;
  ProcessHistory& add_unknown(pid_t pid);
  void append(ProcessHistory process);
  TimedValue& newest(const ProcessHistory& process) {
    return newest_[static_cast<std::size_t>(&process - processes_.data())];
  }
  Series empty_series() const;
  std::size_t columns() const;
  void spare_memory();

  Grid grid_;
  const TickTimes& ticks_;
  std::vector<ProcessHistory> processes_;
  PidIndex by_pid_;                 // of the processes that have the pids now
  std::vector<TimedValue> newest_;  // the last readings of the processes, in their order
  std::size_t additions_ = 0;
  std::int64_t coarsening_ = 1;  // by how much their columns are wider than those of the grid
};

}  // namespace mprofpp::analysis
