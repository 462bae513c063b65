#pragma once

#include <sys/types.h>

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "mprofpp/analysis/grid.hpp"
#include "mprofpp/analysis/late_names.hpp"
#include "mprofpp/model/process_id.hpp"
#include "mprofpp/model/record.hpp"
#include "mprofpp/model/sink.hpp"

namespace mprofpp::page {

/// A call, or a group of short calls of one function. NaN means unknown.
struct PageCall {
  static constexpr std::uint32_t open = 1;    ///< had not ended
  static constexpr std::uint32_t raised = 2;  ///< was left by an exception or a jump
  static constexpr std::uint32_t reused = 4;  ///< a reading of memory was used twice
  static constexpr std::uint32_t grouped = 8;

  double begin = 0;  ///< seconds since the start of the recording
  double end = 0;
  float rss_in = static_cast<float>(analysis::unknown);  ///< MiB
  float rss_out = static_cast<float>(analysis::unknown);
  float grown = static_cast<float>(analysis::unknown);   ///< MiB; rss_out - rss_in if unknown
  float active = static_cast<float>(analysis::unknown);  ///< seconds; its length if unknown
  std::uint32_t function = 0;                            ///< index into PageCalls::functions
  std::uint32_t lane = 0;                                ///< index into PageCalls::lanes
  int level = 0;                                         ///< its row in the lane
  std::uint32_t flags = 0;
  std::uint64_t count = 1;  ///< calls in a group

  double length() const { return end - begin; }
  /// Returns the MiB by which its process grew; 0 if that is unknown.
  double growth() const;
};

/// The calls of a thread, greenlet or task.
struct PageLane {
  model::ProcessId process = {};  ///< its pid is 0 if the file does not name it
  model::LaneId id = {};
  int levels = 0;
  std::uint64_t left_out = 0;  ///< calls that were not kept
};

/// The calls of a recording.
struct PageCalls {
  std::vector<std::string> functions;  ///< names
  std::vector<PageLane> lanes;
  std::vector<PageCall> calls;  ///< ascending by begin, longer ones first

  /// Keeps about `limit` calls: the longest, and those during which their processes grew most. The others are
  /// counted in their lanes.
  void keep(std::size_t limit);
};

/// Collects the calls in the shown time. Its memory has a limit: the calls that matter least are only counted
/// in their lanes.
class CallFold : public model::Sink {
 public:
  explicit CallFold(const analysis::Grid& grid, std::size_t most_calls = 200'000)
      : grid_(grid), most_calls_(most_calls) {}

  using Sink::take;
  void take(const model::Settings& settings) override { late_.take(settings); }
  void take(const model::Process& process) override;
  void take(const model::Call& call) override;
  void take(const model::OpenCall& call) override;
  void take(const model::CallGroup& group) override;

  /// Returns the calls. Those that have not ended last until `end` (seconds). Call once.
  PageCalls finish(double end);

 private:
  /// A function in a lane, and when a call of it began (seconds).
  struct OpenKey {
    std::uint32_t lane;
    std::uint32_t function;
    double begin;

    auto operator<=>(const OpenKey&) const = default;
  };

  void add(PageCall call);
  bool forget_open(const PageCall& call);
  std::uint32_t function_index(const std::string& name);
  std::uint32_t lane_index(pid_t pid, const model::LaneId& lane);
  void use_late_names();
  void assign_rows();

  analysis::Grid grid_;
  std::size_t most_calls_;
  PageCalls calls_;
  analysis::LateNames late_;
  std::unordered_map<std::string, std::uint32_t> functions_;
  std::map<std::pair<model::ProcessId, model::LaneId>, std::uint32_t> lanes_;
  std::unordered_map<pid_t, std::uint64_t> starts_;  // of the processes that have the pids now
  std::multimap<OpenKey, PageCall> open_;
  /// By lane and function: calls that were open and were not kept, because there were too many.
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint64_t> uncounted_;
};

}  // namespace mprofpp::page
