#pragma once

#include <cstdint>
#include <map>
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

/// Ascending, apart from one another; by process, 0 where the file does not name it.
using StretchesByProcess = std::map<pid_t, std::vector<Stretch>>;

/// What is known of a function's calls from their own records.
struct FunctionCalls {
  std::uint64_t calls = 0;
  double seconds = 0;                    ///< inside, all calls together
  std::optional<Maximum> entry;          ///< the highest reading at an entry
  std::optional<Maximum> exit;           ///< the highest reading at an exit
  std::optional<double> largest_growth;  ///< MiB of one call
  std::optional<double> growth;  ///< MiB of all calls together; of a recursion, the outermost
  StretchesByProcess stretches;
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

/// Whose memory a function's highest sample is.
enum class SampleOf {
  process,  ///< the one that ran the call
  total     ///< what MEM measures: the recording has no readings of that process
};

struct FunctionSample {
  Maximum highest;
  SampleOf of = SampleOf::process;
};

/// The highest sample while a function ran: of the processes that ran it where the recording has readings of
/// theirs, else of the MEM line. A second pass, because a call's record follows the samples taken inside it.
/// Memory grows with the number of samples until finish().
class FunctionPeakFold : public model::Sink {
 public:
  explicit FunctionPeakFold(const std::vector<FunctionCalls>& functions);

  using Sink::take;
  void take(const model::Meta& meta) override { root_.take(meta); }
  void take(const model::Process& process) override { root_.take(process); }
  void take(const model::Sample& sample) override;
  void take(const model::ChildSample& sample) override;
  void take(const model::Exit& exit) override { add_root(root_.take(exit)); }

  /// For each function; nothing when no sample fell into a call.
  std::vector<std::optional<FunctionSample>> finish();

 private:
  void add_root(const std::optional<Maximum>& reading);

  const std::vector<FunctionCalls>& functions_;
  RootReadings root_;
  std::vector<Maximum> total_;
  std::map<pid_t, std::vector<Maximum>> own_;  // of the processes that ran calls
};

}  // namespace mprofpp::analysis
