#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "mprofpp/analysis/late_names.hpp"
#include "mprofpp/analysis/peak.hpp"
#include "mprofpp/base/result.hpp"
#include "mprofpp/model/record.hpp"
#include "mprofpp/model/sink.hpp"

namespace mprofpp::analysis {

/// The names of all functions of a recording, in the order of their first call.
class FunctionNames : public model::Sink {
 public:
  using Sink::take;
  void take(const model::Call& call) override { add(call.name); }
  void take(const model::OpenCall& call) override { add(call.name); }
  void take(const model::CallGroup& group) override { add(group.name); }
  void take(const model::Meta& meta) override { late_.take(meta); }

  /// As people call them, each once.
  std::vector<std::string> names() const;
  /// What was recorded under another name.
  const LateNames& late() const { return late_; }

 private:
  void add(const std::string& name);

  std::vector<std::string> names_;
  std::unordered_map<std::string, bool> known_;
  LateNames late_;
};

/// The function a person means: the whole name, or the end of it behind a dot or `::` (`inner`
/// for `__main__.inner`) when no other function ends alike. Errors: not_found, naming what there is;
/// invalid_argument when several end alike.
Result<std::string> pick_function(const std::vector<std::string>& names, const std::string& wanted);

/// A stretch of time in which a function ran, calls that overlap taken together.
struct Stretch {
  Instant begin;
  Instant end;
};

/// What is known of a function's calls from their own records.
struct FunctionCalls {
  std::uint64_t calls = 0;
  double seconds = 0;                     ///< inside, all calls together
  std::optional<Maximum> entry;           ///< the highest MEM value at an entry
  std::optional<Maximum> exit;            ///< the highest MEM value at an exit
  std::optional<double> largest_growth;   ///< MiB of one call, the process's own memory where known
  std::optional<double> growth;           ///< MiB of all calls together; of a recursion, the outermost
  std::vector<Stretch> stretches;         ///< ascending, apart from one another
};

/// What one record of calls adds to a function's growth.
struct Growth {
  enum class Of { one_call, many_calls };

  std::uint32_t lane = 0;
  Stretch ran;
  double mib = 0;
  Of of = Of::one_call;
};

/// Gathers the calls of one function. Memory grows with the number of calls until finish().
class FunctionCallsFold : public model::Sink {
 public:
  /// `function` as people call it.
  explicit FunctionCallsFold(std::string function, LateNames late = {})
      : function_(std::move(function)), late_(std::move(late)) {}

  using Sink::take;
  void take(const model::Call& call) override;
  void take(const model::CallGroup& group) override;

  FunctionCalls finish();

 private:
  std::uint32_t lane_of(pid_t pid, const std::string& name);

  std::string function_;
  LateNames late_;
  FunctionCalls calls_;
  std::vector<Growth> growths_;
  std::unordered_map<std::string, std::uint32_t> lanes_;  ///< by pid and name
};

/// The highest MEM value while a function ran: a second pass, because a call's record follows the
/// samples taken inside it.
class FunctionPeakFold : public model::Sink {
 public:
  explicit FunctionPeakFold(const FunctionCalls& calls) : stretches_(calls.stretches) {}

  using Sink::take;
  void take(const model::Sample& sample) override;

  /// The highest sample inside; nothing when no sample fell into a call.
  const std::optional<Maximum>& sampled() const { return sampled_; }

 private:
  const std::vector<Stretch>& stretches_;
  std::optional<Maximum> sampled_;
};

}  // namespace mprofpp::analysis
