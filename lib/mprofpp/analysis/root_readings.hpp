#pragma once

#include <sys/types.h>

#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

#include "mprofpp/analysis/timed_value.hpp"
#include "mprofpp/model/record.hpp"
#include "mprofpp/model/settings.hpp"

namespace mprofpp::analysis {

/// Computes the root's own memory, which has no lines of its own. It is the MEM line if that measures the
/// root alone, and the MEM line minus the CHLD lines of the tick if MEM is the sum over the tree. With a sum
/// and no CHLD lines it is known only while no other process runs.
///
/// Pass it the records in the order of the file. The CHLD lines of a tick follow its MEM line, so the
/// reading of a tick is returned with the record that ends the tick. In a sparse recording, a process
/// without a line at a tick has the value of its last line.
///
/// Folds that read the same records need to compute the readings only once: the others follow the first.
class RootReadings {
 public:
  /// The readings that a Held record of the MEM line gives.
  struct FromHeld {
    std::optional<TimedValue> reading;  ///< of the previous tick
    std::optional<double> held_mib;     ///< the memory of the root at the ticks of the record
  };

  /// Returns the readings of `leader`, which outlives this and is passed every record before it.
  void follow(const RootReadings& leader) { leader_ = &leader; }

  void take(const model::Settings& settings);
  /// Returns the reading of the last tick if the record is of the root, which has another title from now on.
  std::optional<TimedValue> take(const model::Process& process);
  void take(const model::ChildSample& sample);
  /// Returns the reading of the previous tick.
  std::optional<TimedValue> take(const model::Sample& sample) {
    return leader_ ? leader_->newest_ : compute(sample);
  }
  /// Takes the readings that the MEM line has left out. Held records of processes must not be passed.
  FromHeld take(const model::Held& total);
  /// Returns the reading of the last tick if the root exits. The MEM line before its exit repeats the last
  /// total, so it counts only if there is no other.
  std::optional<TimedValue> take(const model::Exit& exit);
  /// Returns the reading of the last tick. Call once, at the end.
  std::optional<TimedValue> finish();

  /// Returns the only root of the recording; nothing if it has several or names none.
  std::optional<pid_t> root() const { return settings().only_root(); }
  /// The same until it exits: its pid may belong to another process afterwards.
  std::optional<pid_t> living_root() const {
    const bool has_ended = leader_ ? leader_->has_ended_ : has_ended_;
    return has_ended ? std::nullopt : root();
  }
  const model::Settings& settings() const { return leader_ ? leader_->settings_ : settings_; }

 private:
  const std::optional<TimedValue>& compute(const model::Sample& sample);
  std::optional<TimedValue> settle();
  bool knows_share() const;
  double share_of(double total) const;
  void forget_gone();

  const RootReadings* leader_ = nullptr;
  // what the last record gave, for those that follow
  std::optional<TimedValue> newest_;
  FromHeld newest_held_;

  model::Settings settings_;
  bool has_child_lines_ = false;
  bool has_ended_ = false;
  bool has_finished_ = false;
  std::set<pid_t> other_processes_;  // running processes other than the root
  std::optional<TimedValue> total_;
  bool is_first_ = true;
  bool is_shared_ = false;  // other processes ran when the tick was read
  double children_ = 0;     // the sum of the processes' values
  // in a sparse recording
  bool is_sparse_ = false;
  std::unordered_map<pid_t, double> values_;  // that the processes have until their next lines
  std::vector<pid_t> gone_;                   // since the last tick
};

}  // namespace mprofpp::analysis
