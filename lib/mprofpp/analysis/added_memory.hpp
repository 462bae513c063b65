#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "mprofpp/analysis/late_names.hpp"
#include "mprofpp/model/record.hpp"
#include "mprofpp/model/sink.hpp"

namespace mprofpp::analysis {

/// The memory that the calls of a function added to their processes.
struct Added {
  double mib = 0;        ///< negative if the processes shrank
  bool at_most = false;  ///< an upper bound: other calls ran at the same time

  friend bool operator==(const Added&, const Added&) = default;
};

/// Computes what all calls of some functions added to the memory of their processes, as far as it is still
/// there.
///
/// The memory of a process is treated as a stack of layers. When it grows from one reading to the next, a
/// layer is pushed that belongs to the functions that are open at that time; when it shrinks, layers are
/// popped. What is left of a function's layers after the last reading is what its calls added. So a function
/// never adds more than its process had, however often its calls allocate and free a block, and a recursion
/// counts once.
///
/// Suspended calls and groups of short calls have no reading for each time they ran. Their growth is in the
/// file and counts as far as it fits between the lowest and the highest reading of the process. While calls
/// of several threads are open, a layer belongs to all of them, and the result is an upper bound.
///
/// The result does not prove a leak: the sizes of processes do not show which function the allocator gives
/// the space that another one has freed.
///
/// The memory of the fold grows with the number of calls until finish().
class AddedMemoryFold : public model::Sink {
 public:
  /// `functions` has the names that people use, each once.
  explicit AddedMemoryFold(const std::vector<std::string>& functions, LateNames late = {});
  /// Computes it for every function in the file, as long as there are at most `most_runs` calls and groups:
  /// beyond that nothing is known, so that the memory of the fold has a limit.
  explicit AddedMemoryFold(std::size_t most_runs) : most_runs_(most_runs) {}

  using Sink::take;
  void take(const model::Settings& settings) override;
  void take(const model::Process& process) override;
  void take(const model::Call& call) override;
  void take(const model::CallGroup& group) override;

  /// Returns one entry for each function, in their order; nothing if no call's growth is known.
  std::vector<std::optional<Added>> finish();
  /// Returns the functions whose calls have a known growth, by the names that people use; none if there were
  /// too many calls. Call it instead of finish() if the fold is of every function.
  std::unordered_map<std::string, Added> finish_by_name();

  /// A call or a group of calls.
  struct Run {
    std::uint32_t function = 0;  ///< index into the functions, or `other`
    std::uint32_t lane = 0;      ///< numbered within the process
    std::uint32_t thread = 0;    ///< numbered within the process
    int level = 0;
    Instant begin;
    Instant end;
    std::optional<double> in;      ///< MiB at its start
    std::optional<double> out;     ///< MiB at its end
    std::optional<double> growth;  ///< MiB
    bool is_whole = true;          ///< it ran all the time between begin and end
  };
  static constexpr std::uint32_t other = ~std::uint32_t{0};

  /// One process and its calls.
  struct Calls {
    std::vector<Run> runs;
    std::unordered_map<model::LaneId, std::uint32_t> lanes;
    std::unordered_map<std::uint32_t, std::uint32_t> threads;
  };

 private:
  bool has_room();
  Calls& calls_of(pid_t pid);
  std::uint32_t function_of(const std::string& recorded_name);
  void use_late_names();

  enum class Selection { given, all };

  Selection selection_ = Selection::all;
  std::size_t most_runs_ = std::numeric_limits<std::size_t>::max();
  std::size_t runs_ = 0;
  LateNames late_;
  std::unordered_map<std::string, std::uint32_t> functions_;
  std::map<pid_t, std::uint64_t> starts_;  // start time of the last process with that pid
  std::map<std::pair<pid_t, std::uint64_t>, Calls> processes_;
};

}  // namespace mprofpp::analysis
