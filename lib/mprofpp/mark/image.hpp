#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_set>
#include <utility>
#include <vector>

#include "mprofpp/base/instant.hpp"
#include "mprofpp/mark/decode.hpp"
#include "mprofpp/mark/functions.hpp"
#include "mprofpp/mark/grouping.hpp"
#include "mprofpp/mark/lanes.hpp"
#include "mprofpp/mark/tally.hpp"
#include "mprofpp/model/sink.hpp"

namespace mprofpp::mark {

/// For so long a call goes on before it is told that it is open.
inline constexpr Duration told_while_open = std::chrono::seconds(1);

/// What the recording knows and a process cannot tell.
class Background {
 public:
  virtual ~Background() = default;

  /// The recording's time of so many nanoseconds of CLOCK_MONOTONIC. Whatever the number, it lies
  /// within what is recorded.
  virtual Instant instant_of(std::uint64_t nanoseconds) const = 0;
  /// The MEM line in MiB at that time; `rss` is what the process itself read then.
  virtual double memory_at(Instant t, pid_t pid, const std::optional<double>& rss) const = 0;
};

/// What belongs to a process, however many programs tell of it one after another or at once.
struct Process {
  pid_t pid = 0;
  Lanes lanes;
};

/// One program in one process, from its exec to the next one or its end: turns the records of its
/// rings, in their order, into calls and marks of the recording.
class Image {
 public:
  /// What is not in a shared_ptr outlives it.
  Image(std::shared_ptr<Process> process, Functions functions, GroupingRule grouping,
        const Background& background, model::Sink& sink)
      : process_(std::move(process)),
        functions_(std::move(functions)),
        grouping_(process_->pid, grouping),
        background_(background),
        sink_(sink) {}
  Image(const Image&) = delete;
  Image& operator=(const Image&) = delete;

  void take(const Record& record);
  /// Sums, and of the pending calls those that were begun before `limit`.
  void take(const ShortCalls& calls, Instant limit);
  /// Tells of calls that have been open for a second, and of short ones of seconds that are over.
  void tell(Instant now);
  /// Records were lost. Ends of calls may have been among them: from now on a call that ends takes
  /// those within it along.
  void note_loss() { has_lost_ = true; }
  /// The program has ended: what is open ended then, and is told as such.
  void end(Instant t);

  std::vector<std::uint64_t> take_answers() { return functions_.take_answers(); }
  /// Calls that were not followed: there were too many at once.
  std::uint64_t take_lost() { return std::exchange(lost_, 0); }

 private:
  void take_sum(std::uint32_t thread, const CallSum& sum);
  void take_pending(const wire::Event& event);
  void take_event(const wire::Event& event);
  void enter(const wire::Event& event);
  void leave(const wire::Event& event);
  void mark(const wire::Event& event);
  Reading reading_of(const wire::Event& event) const;
  void tell_open(std::vector<Lanes::Placed> calls, Instant t);
  void tell_call(const LaneId& lane, const EndedCall& ended, std::string flags);

  std::shared_ptr<Process> process_;
  Functions functions_;
  Grouping grouping_;
  std::unordered_set<std::uint64_t> taken_early_;  ///< pending calls whose begin is yet to come
  std::uint64_t lost_ = 0;
  bool has_lost_ = false;
  const Background& background_;
  model::Sink& sink_;
};

}  // namespace mprofpp::mark
