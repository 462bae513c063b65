#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "mprofpp/mark/lane.hpp"

namespace mprofpp::mark {

/// The open calls of one process, whoever told of them: itself, or a `mprofpp span` that ran in it.
class Lanes {
 public:
  static constexpr std::size_t most = std::size_t{1} << 20;

  struct Placed {
    LaneId lane;
    OpenCall call;
  };

  /// False when there are too many.
  bool enter(const LaneId& lane, OpenCall call);
  /// A span that was begun within that call, or within none (0). Where another call is the
  /// innermost of the lane, the two run side by side and the span gets a lane of its own.
  bool enter_within(const LaneId& lane, OpenCall call, std::uint64_t outer);
  /// The call that has ended; nothing when it is not open.
  std::optional<Placed> leave(const LaneId& lane, std::uint64_t id);

  /// What he told of within that call and has not ended.
  std::vector<Placed> close_within(const LaneId& lane, std::uint64_t id, const void* teller);
  /// What he told of and has not ended, which it has now.
  std::vector<Placed> close(const void* teller);
  /// Calls that were begun before `limit`, each of them only once.
  std::vector<Placed> take_begun_before(Instant limit);

  /// Whether the call of that number is open there.
  bool holds(const LaneId& lane, std::uint64_t id);
  std::size_t open() const { return open_; }

 private:
  LaneId lane_within(LaneId lane, std::uint64_t outer) const;
  std::uint64_t innermost(const LaneId& lane) const;

  std::unordered_map<LaneId, Lane> lanes_;
  std::unordered_map<std::uint64_t, LaneId> spans_;  ///< where those are that enter_within() placed
  std::size_t open_ = 0;
};

}  // namespace mprofpp::mark
