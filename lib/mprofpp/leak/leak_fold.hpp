#pragma once

#include <sys/types.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "mprofpp/analysis/window.hpp"
#include "mprofpp/leak/call_counts.hpp"
#include "mprofpp/leak/finding.hpp"
#include "mprofpp/leak/judgement.hpp"
#include "mprofpp/leak/report.hpp"
#include "mprofpp/leak/tree_curves.hpp"
#include "mprofpp/model/sink.hpp"

namespace mprofpp::leak {

/// The question that a judgement answers.
struct Question {
  analysis::Window window = {};
  double least_growth = default_least_growth;  ///< MiB
  std::optional<pid_t> pid = {};               ///< judge only this process
  std::optional<model::Metric> metric = {};    ///< judge only by this one
  std::optional<double> limit_mib = {};        ///< when will the memory reach it?
};

/// Returns true for the metrics by which a recording can be judged: rss, pss, uss and anon.
bool can_judge_by(model::Metric metric);

/// Reads a recording into its judgement. The memory of the fold hardly grows with the length of the
/// recording.
class LeakFold : public model::Sink {
 public:
  explicit LeakFold(Question question = {});

  using Sink::take;
  void take(const model::Sample& sample) override;
  void take(const model::ChildSample& sample) override;
  void take(const model::Held& held) override;
  void take(const model::Settings& settings) override;
  void take(const model::Process& process) override;
  void take(const model::Call& call) override;
  void take(const model::CallGroup& group) override;
  void take(const model::Exit& exit) override;
  void take(const model::Line& line) override;
  void take(const model::ObjectCount& objects) override;
  void take(const model::Lost& lost) override;
  void take(const model::Suspended& suspended) override;
  void take(const model::Limit& limit) override;
  void take(const model::Damage& damage) override;

  /// Takes the readings of the root from another fold, as RootReadings::follow() does.
  void follow(const analysis::RootReadings& leader) { main_.curves.follow(leader); }
  /// Judges what was read so far. It may be called again after more records.
  LeakReport report() const;

 private:
  struct ByMetric {
    model::Metric metric;
    TreeCurves curves;
  };

  /// Passes a record on to all evidence. A new kind of evidence may need more kinds of records.
  template <class Record>
  void pass_on(const Record& record) {
    for (auto& evidence : evidence_) evidence->take(record);
  }
  void add_extra_metrics(const model::Settings& settings);
  const ByMetric& deciding() const;
  bool is_read_enough(const ByMetric& extra) const;
  void note_time(Instant t);
  void note_times(const model::Held& held);
  void add_judgements(LeakReport& report) const;
  void explain_leak(LeakReport& report) const;
  CallCause find_calls(const LeakReport& report) const;
  std::optional<LimitReached> find_limit(const LeakReport& report) const;
  std::optional<ReplacedWorkers> find_replaced() const;

  Question question_;
  ByMetric main_;
  std::vector<ByMetric> extra_;  ///< those that say more about what is kept come first
  CallCounts calls_;
  std::vector<std::unique_ptr<Evidence>> evidence_;
  std::unordered_map<pid_t, std::uint64_t> starts_;  ///< of the processes that have the pids now
  std::vector<model::Limit> limits_;
  std::optional<double> host_memory_;  ///< MiB
  std::optional<Instant> start_;
  std::optional<Instant> last_tick_;
  Duration longest_step_{};  ///< from one tick to the next
  LeakReport facts_;         ///< what needs no judgement
};

}  // namespace mprofpp::leak
