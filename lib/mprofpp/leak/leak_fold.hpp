#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "mprofpp/analysis/losses.hpp"
#include "mprofpp/analysis/window.hpp"
#include "mprofpp/leak/call_counts.hpp"
#include "mprofpp/leak/finding.hpp"
#include "mprofpp/leak/report.hpp"
#include "mprofpp/leak/tree_curves.hpp"
#include "mprofpp/model/sink.hpp"

namespace mprofpp::leak {

/// What is judged, and how.
struct Question {
  analysis::Window window = {};
  double least_growth = default_least_growth;  ///< MiB
  std::optional<pid_t> pid = {};               ///< judge only this process
  std::optional<model::Metric> metric = {};    ///< judge only by this one
};

/// Reads a recording into its judgement. The memory of the fold is bounded: it does not grow with the
/// length of the recording.
class LeakFold : public model::Sink {
 public:
  explicit LeakFold(Question question = {});
  ~LeakFold() override;

  using Sink::take;
  void take(const model::Sample& sample) override;
  void take(const model::ChildSample& sample) override;
  void take(const model::Held& held) override;
  void take(const model::Settings& settings) override;
  void take(const model::Process& process) override;
  void take(const model::Call& call) override;
  void take(const model::CallGroup& group) override;
  void take(const model::Title& title) override;
  void take(const model::Exit& exit) override;
  void take(const model::Line& line) override;
  void take(const model::Lost& lost) override;
  void take(const model::Suspended& suspended) override;
  void take(const model::Limit& limit) override;
  void take(const model::Damage& damage) override;

  /// Judges what was read so far. It may be called again after more records.
  LeakReport report() const;
};

}  // namespace mprofpp::leak
