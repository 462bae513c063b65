#include "mprofpp/mark/lanes.hpp"

#include <utility>

namespace mprofpp::mark {

bool Lanes::enter(const LaneId& lane, OpenCall call) {
  if (open_ == most) return false;
  lanes_[lane].enter(std::move(call));
  ++open_;
  return true;
}

bool Lanes::enter_within(const LaneId& lane, OpenCall call, std::uint64_t outer) {
  const auto known = spans_.find(outer);
  const auto place = lane_within(known == spans_.end() ? lane : known->second, outer);
  const auto id = call.id;
  if (!enter(place, std::move(call))) return false;
  spans_[id] = place;
  return true;
}

/// Returns the lane itself, or the first lane next to it in which the span can be entered.
LaneId Lanes::lane_within(LaneId lane, std::uint64_t outer) const {
  constexpr std::uint64_t most_siblings = 1000;
  for (std::uint64_t sibling = 1; sibling <= most_siblings; ++sibling) {
    if (innermost(lane) == outer || innermost(lane) == 0) break;
    lane = {lane.thread, LaneId::Kind::task, sibling};
  }
  return lane;
}

std::uint64_t Lanes::innermost(const LaneId& lane) const {
  const auto found = lanes_.find(lane);
  return found == lanes_.end() ? 0 : found->second.innermost();
}

std::optional<Lanes::Placed> Lanes::leave(const LaneId& lane, std::uint64_t id) {
  auto place = lane;
  if (const auto span = spans_.find(id); span != spans_.end()) {
    place = span->second;
    spans_.erase(span);
  }
  const auto found = lanes_.find(place);
  if (found == lanes_.end()) return std::nullopt;
  auto call = found->second.leave(id);
  if (found->second.empty()) lanes_.erase(found);
  if (!call) return std::nullopt;
  --open_;
  return Placed{place, std::move(*call)};
}

bool Lanes::holds(const LaneId& lane, std::uint64_t id) {
  const auto found = lanes_.find(lane);
  return found != lanes_.end() && found->second.holds(id);
}

std::vector<Lanes::Placed> Lanes::close_within(const LaneId& lane, std::uint64_t id,
                                               const void* source) {
  std::vector<Placed> closed;
  const auto found = lanes_.find(lane);
  if (found == lanes_.end()) return closed;
  for (auto& call : found->second.close_within(id, source))
    closed.push_back({lane, std::move(call)});
  open_ -= closed.size();
  return closed;
}

std::vector<Lanes::Placed> Lanes::close(const void* source) {
  std::vector<Placed> closed;
  for (auto lane = lanes_.begin(); lane != lanes_.end();) {
    for (auto& call : lane->second.close(source)) {
      spans_.erase(call.id);
      closed.push_back({lane->first, std::move(call)});
    }
    lane = lane->second.empty() ? lanes_.erase(lane) : std::next(lane);
  }
  open_ -= closed.size();
  return closed;
}

std::vector<Lanes::Placed> Lanes::next_begun_before(Instant limit) {
  std::vector<Placed> begun;
  for (auto& [id, lane] : lanes_) {
    for (auto& call : lane.next_begun_before(limit)) begun.push_back({id, std::move(call)});
  }
  return begun;
}

}  // namespace mprofpp::mark
