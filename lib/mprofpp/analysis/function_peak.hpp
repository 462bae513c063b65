#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "mprofpp/analysis/late_names.hpp"
#include "mprofpp/analysis/peak.hpp"
#include "mprofpp/model/record.hpp"
#include "mprofpp/model/sink.hpp"

namespace mprofpp::analysis {

/// A stretch of time in which a function ran, calls that overlap taken together.
struct Stretch {
  Instant begin;
  Instant end;
};

/// What is known of a function's calls from their own records.
struct FunctionCalls {
  std::uint64_t calls = 0;
  double seconds = 0;                    ///< inside, all calls together
  std::optional<Maximum> entry;          ///< the highest MEM value at an entry
  std::optional<Maximum> exit;           ///< the highest MEM value at an exit
  std::optional<double> largest_growth;  ///< MiB of one call, the process's own memory where known
  std::optional<double> growth;    ///< MiB of all calls together; of a recursion, the outermost
  std::vector<Stretch> stretches;  ///< ascending, apart from one another
};

/// What one record of calls adds to a function's growth.
struct Growth {
  enum class Of { one_call, many_calls };

  std::uint32_t lane = 0;
  Stretch ran;
  double mib = 0;
  Of of = Of::one_call;
};

/// Adds up the calls of one function. Memory grows with their number until finish().
class CallsTally {
 public:
  void add(const model::Call& call);
  void add(const model::CallGroup& group);

  FunctionCalls finish();

 private:
  std::uint32_t lane_of(pid_t pid, const std::string& name);

  FunctionCalls calls_;
  std::vector<Growth> growths_;
  std::unordered_map<std::string, std::uint32_t> lanes_;  ///< by pid and name
};

/// Gathers the calls of some functions.
class FunctionCallsFold : public model::Sink {
 public:
  /// `functions` as people call them, each once.
  explicit FunctionCallsFold(std::vector<std::string> functions, LateNames late = {});

  using Sink::take;
  void take(const model::Call& call) override;
  void take(const model::CallGroup& group) override;

  /// In the order of the functions.
  std::vector<FunctionCalls> finish();

 private:
  CallsTally* tally_of(const std::string& recorded_name);

  LateNames late_;
  std::unordered_map<std::string, std::size_t> places_;
  std::vector<CallsTally> tallies_;
};

/// The highest MEM value while a function ran: a second pass, because a call's record follows the
/// samples taken inside it. Memory grows with the number of samples until finish().
class FunctionPeakFold : public model::Sink {
 public:
  explicit FunctionPeakFold(const std::vector<FunctionCalls>& functions) : functions_(functions) {}

  using Sink::take;
  void take(const model::Sample& sample) override;

  /// The highest sample inside, of each function; nothing when no sample fell into a call.
  std::vector<std::optional<Maximum>> finish();

 private:
  const std::vector<FunctionCalls>& functions_;
  std::vector<Maximum> samples_;
};

}  // namespace mprofpp::analysis
