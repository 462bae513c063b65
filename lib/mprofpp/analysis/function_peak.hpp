#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "mprofpp/analysis/added_memory.hpp"
#include "mprofpp/analysis/call_totals.hpp"
#include "mprofpp/analysis/late_names.hpp"
#include "mprofpp/analysis/peak.hpp"
#include "mprofpp/analysis/window.hpp"
#include "mprofpp/model/record.hpp"
#include "mprofpp/model/sink.hpp"

namespace mprofpp::analysis {

/// A period in which a function ran. Calls that overlap share one.
struct Period {
  Instant begin;
  Instant end;
};

/// Sorted and separate periods, by process; 0 if the file does not name it.
using PeriodsByProcess = std::map<pid_t, std::vector<Period>>;

/// The calls of a function, their readings and what they added.
struct FunctionCalls : CallTotals {
  std::optional<TimedValue> entry;  ///< the highest reading at an entry
  std::optional<TimedValue> exit;   ///< the highest reading at an exit
  std::optional<Added> added;       ///< by all calls; nothing if no call's growth is known
  PeriodsByProcess periods;
};

/// Adds up the calls of one function. Its memory grows with their number until finish().
class CallsTally {
 public:
  void add(const model::Call& call);
  void add(const GroupPart& part);

  FunctionCalls finish();

 private:
  FunctionCalls calls_;
};

/// Collects the calls of some functions that ran in a window. All its calls must touch the window.
class FunctionCallsFold : public model::Sink {
 public:
  /// `functions` has the names that people use, each once.
  explicit FunctionCallsFold(std::vector<std::string> functions, LateNames late = {},
                             Window window = {});

  using Sink::take;
  void take(const model::Call& call) override;
  void take(const model::CallGroup& group) override;
  void take(const model::Process& process) override { added_.take(process); }

  /// Returns one entry for each function, in their order.
  std::vector<FunctionCalls> finish();

 private:
  CallsTally* tally_of(const std::string& recorded_name);

  LateNames late_;
  Window window_;
  std::unordered_map<std::string, std::size_t> places_;
  std::vector<CallsTally> tallies_;
  AddedMemoryFold added_;
};

/// Whose memory the highest sample of a function measures.
enum class SampleOf {
  process,  ///< the process that ran the call
  total     ///< what MEM measures: the recording has no readings of that process
};

struct FunctionSample {
  TimedValue highest;
  SampleOf of = SampleOf::process;
};

/// Finds the highest sample while a function ran: of the processes that ran it if the recording has readings
/// of them, else of the MEM line. This needs a second pass, because the record of a call follows the samples
/// taken inside it. The memory of the fold grows with the number of calls, and hardly with that of samples.
class FunctionPeakFold : public model::Sink {
 public:
  /// Uses only samples within the window.
  explicit FunctionPeakFold(const std::vector<FunctionCalls>& functions, Window window = {});

  using Sink::take;
  void take(const model::Settings& settings) override { root_.take(settings); }
  void take(const model::Process& process) override { root_.take(process); }
  void take(const model::Sample& sample) override;
  void take(const model::ChildSample& sample) override;
  void take(const model::Held& held) override;
  void take(const model::Exit& exit) override { add_root(root_.take(exit)); }

  /// Returns one entry for each function; nothing if no sample was taken during a call.
  std::vector<std::optional<FunctionSample>> finish();

 private:
  /// The samples of a series, and those that a sparse recording left out. Between two neighbouring edges of
  /// periods only the highest sample matters.
  struct Readings {
    static constexpr std::size_t most_samples = 500'000;

    std::vector<TimedValue> samples;
    std::vector<model::Held> held;
    std::vector<Instant> edges;  // of the periods that the series is asked for, ascending
    std::size_t limit = most_samples;

    void add_edges(const std::vector<Period>& periods);
    void sort_edges();
    void add(const TimedValue& sample);
    void keep_highest();
  };

  void add_root(const std::optional<TimedValue>& reading);
  void add(pid_t pid, const TimedValue& reading);
  void add(pid_t pid, const model::Held& held);

  const std::vector<FunctionCalls>& functions_;
  Window window_;
  RootReadings root_;
  Readings total_;
  std::map<pid_t, Readings> own_;  // of the processes that ran calls
};

}  // namespace mprofpp::analysis
