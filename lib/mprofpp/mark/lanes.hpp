#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "mprofpp/mark/lane.hpp"

namespace mprofpp::mark {

/// The open calls of a process, whether the process itself or a `mprofpp span` within it has entered them.
class Lanes {
 public:
  static constexpr std::size_t most = std::size_t{1} << 20;

  struct Placed {
    LaneId lane;
    OpenCall call;
  };

  /// Returns false if too many calls are open.
  bool enter(const LaneId& lane, OpenCall call);
  /// Enters a span that was started within call `outer`, or within no call (0). If another call is the
  /// innermost one of the lane, the two run side by side and the span gets a lane of its own. Returns false
  /// if too many calls are open.
  bool enter_within(const LaneId& lane, OpenCall call, std::uint64_t outer);
  /// Removes and returns a call that has ended; returns nothing if it is not open.
  std::optional<Placed> leave(const LaneId& lane, std::uint64_t id);

  /// Removes and returns the open calls of `source` within call `id`, the innermost first.
  std::vector<Placed> close_within(const LaneId& lane, std::uint64_t id, const void* source);
  /// Removes and returns all open calls of `source`.
  std::vector<Placed> close(const void* source);
  /// Returns the open calls that started before `limit`, each only once.
  std::vector<Placed> next_begun_before(Instant limit);

  /// Returns true if call `id` is open in that lane.
  bool holds(const LaneId& lane, std::uint64_t id);
  std::size_t open() const { return open_; }

 private:
  LaneId lane_within(LaneId lane, std::uint64_t outer) const;
  std::uint64_t innermost(const LaneId& lane) const;

  std::unordered_map<LaneId, Lane> lanes_;
  std::unordered_map<std::uint64_t, LaneId> spans_;  ///< the lanes of the spans of enter_within()
  std::size_t open_ = 0;
};

}  // namespace mprofpp::mark
