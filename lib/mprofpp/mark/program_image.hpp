#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_set>
#include <utility>
#include <vector>

#include "mprofpp/base/instant.hpp"
#include "mprofpp/mark/functions.hpp"
#include "mprofpp/mark/grouping.hpp"
#include "mprofpp/mark/lanes.hpp"
#include "mprofpp/mark/timeline.hpp"
#include "mprofpp/model/sink.hpp"
#include "mprofpp/ring/decode.hpp"
#include "mprofpp/ring/tally.hpp"

namespace mprofpp::mark {

/// How long a call must be open before it is written as an open call.
inline constexpr Duration open_call_delay = std::chrono::seconds(1);

/// The state of a process, shared by all programs that write about it one after another or at once.
struct Process {
  pid_t pid = 0;
  Lanes lanes;
};

/// A program in a process, from its exec to the next exec or the exit. Turns the records of its rings, in
/// their order, into calls and marks of the recording.
class ProgramImage {
 public:
  /// `timeline` and `sink` must outlive this object.
  ProgramImage(std::shared_ptr<Process> process, Functions functions, GroupingRule grouping,
               const Timeline& timeline, model::Sink& sink)
      : process_(std::move(process)),
        functions_(std::move(functions)),
        grouping_(process_->pid, grouping),
        timeline_(timeline),
        sink_(sink) {}
  ProgramImage(const ProgramImage&) = delete;
  ProgramImage& operator=(const ProgramImage&) = delete;

  /// Handles the next record.
  void add(const ring::Record& record);
  /// Handles the sums, and those pending calls that started before `limit`.
  void add(const ring::ShortCalls& calls, Instant limit);
  /// Writes the calls that have been open for open_call_delay, and the groups of past seconds.
  void write_due(Instant now);
  /// Reports that records were lost. They may have contained ends of calls, so from now on a call that ends
  /// also ends the calls within it.
  void note_loss() { has_lost_ = true; }
  /// Ends the program at `t`: open calls end then, and are flagged as open.
  void end(Instant t);

  /// Returns the entries that the process's wire::FunctionFilter has to get since the last call.
  std::vector<std::uint64_t> new_filter_entries() { return functions_.new_filter_entries(); }
  /// Returns how many calls were dropped since the last call, because too many were open at once.
  std::uint64_t new_losses() { return std::exchange(lost_, 0); }

 private:
  void add_sum(std::uint32_t thread, const ring::CallSum& sum);
  void enter_pending(const wire::Event& event);
  void add_event(const wire::Event& event);
  void enter(const wire::Event& event);
  void leave(const wire::Event& event);
  void mark(const wire::Event& event);
  Reading reading_of(const wire::Event& event) const;
  void write_open(std::vector<Lanes::Placed> calls, Instant t);
  void write_call(const LaneId& lane, const EndedCall& ended, const model::CallFlags& flags);

  std::shared_ptr<Process> process_;
  Functions functions_;
  Grouping grouping_;
  std::unordered_set<std::uint64_t>
      entered_early_;  ///< pending calls whose enter record may follow
  std::uint64_t lost_ = 0;
  bool has_lost_ = false;
  const Timeline& timeline_;
  model::Sink& sink_;
};

}  // namespace mprofpp::mark
