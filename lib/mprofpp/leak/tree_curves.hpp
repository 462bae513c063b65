#pragma once

#include <sys/types.h>

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "mprofpp/analysis/pid_index.hpp"
#include "mprofpp/analysis/root_readings.hpp"
#include "mprofpp/analysis/window.hpp"
#include "mprofpp/leak/curve.hpp"
#include "mprofpp/leak/report.hpp"
#include "mprofpp/model/record.hpp"

namespace mprofpp::leak {

/// Processes of one name that exited within the recording.
struct EndedLives {
  std::size_t ended = 0;
  std::vector<double> leaking_rates;  ///< MiB/h, of those that leak within their life
};

/// Whether a metric is that of the MEM and CHLD lines, or an extra one, which is not read at every tick.
enum class MetricKind { main, extra };

/// The curves of a recording in one metric: the total, and each process. A sample whose value is NaN was not
/// read in this metric.
class TreeCurves {
 public:
  TreeCurves(analysis::Window window, double least_growth, MetricKind kind)
      : window_(window), least_growth_(least_growth), kind_(kind) {}

  /// Takes the readings of the root from another fold, as RootReadings::follow() does.
  void follow(const analysis::RootReadings& leader) { root_.follow(leader); }
  void take(const model::Sample& sample);
  void take(const model::ChildSample& sample);
  void take(const model::Held& held);
  void take(const model::Settings& settings) { root_.take(settings); }
  void take(const model::Process& process);
  void take(const model::Exit& exit);

  const Curve& total() const { return total_; }
  const model::Settings& settings() const { return root_.settings(); }
  /// Returns the curve of a process; null if it has none.
  const Curve* find(const model::ProcessId& id) const;
  const std::unordered_map<std::string, EndedLives>& ended_lives() const { return ended_lives_; }

  /// Returns true if the process that has the pid, or had it last, was seen for long enough to be judged.
  bool can_judge(pid_t pid) const;
  /// Judges what was read so far; only process `pid`, if it is given and can be judged. The total must not be
  /// empty.
  MetricJudgement judgement(std::optional<pid_t> pid) const;

 private:
  /// A process from its start to its exit.
  struct Life {
    model::ProcessId id;
    std::string name;
    Curve curve;
    bool has_exited = false;
  };

  Life& life_of(pid_t pid);
  void add_root(const std::optional<analysis::TimedValue>& reading);
  void add_held_total(const model::Held& held);
  void note_total(double mib);
  void take_last_known(const model::ChildSample& sample);
  void save_memory();
  void drop_short_lives();
  bool is_total(pid_t pid) const;
  bool is_judged_alone(const Life& life) const;
  Judgement judge_life(const Life& life) const;
  Life with_last_tick(Life root) const;
  std::vector<JudgedProcess> judged_processes() const;
  double share_of_others() const;
  void decide(MetricJudgement& result) const;

  analysis::Window window_;
  double least_growth_;
  MetricKind kind_;
  analysis::RootReadings root_;
  Curve total_;
  double before_last_ = 0;  // MiB: the total of the tick before the last one
  bool has_child_lines_ = false;
  std::vector<Life> lives_;
  analysis::PidIndex newest_;  // of the lives that have the pids now
  std::unordered_map<pid_t, double> known_values_;
  std::unordered_map<std::string, EndedLives> ended_lives_;
  std::size_t curve_limit_ = Curve::default_limit;
  std::size_t additions_ = 0;
};

}  // namespace mprofpp::leak
