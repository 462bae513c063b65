#include "mprofpp/mark/lane.hpp"

#include <algorithm>
#include <utility>

namespace mprofpp::mark {
namespace {

LaneId::Kind kind_of(wire::LaneKind kind) {
  switch (kind) {
    case wire::LaneKind::greenlet:
      return LaneId::Kind::greenlet;
    case wire::LaneKind::task:
      return LaneId::Kind::task;
    case wire::LaneKind::thread:
      break;
  }
  return LaneId::Kind::thread;
}

}  // namespace

LaneId lane_of(const wire::Event& event) {
  return {event.thread, kind_of(event.lane_kind), event.lane};
}

void Lane::enter(OpenCall call) {
  call.level = static_cast<int>(calls_.size());
  if (is_indexed_) index_[call.id] = calls_.size();
  calls_.push_back({std::move(call)});
}

std::optional<OpenCall> Lane::leave(std::uint64_t id) {
  const auto place = find(id);
  if (!place) return std::nullopt;
  calls_[*place].is_open = false;
  auto call = std::move(calls_[*place].call);
  if (is_indexed_) index_.erase(id);
  drop_ended();
  return call;
}

std::optional<std::size_t> Lane::find(std::uint64_t id) {
  if (calls_.empty()) return std::nullopt;
  if (calls_.back().call.id == id) return calls_.size() - 1;
  if (!is_indexed_) {
    is_indexed_ = true;
    for (std::size_t i = 0; i < calls_.size(); ++i) {
      if (calls_[i].is_open) index_[calls_[i].call.id] = i;
    }
  }
  const auto found = index_.find(id);
  if (found == index_.end()) return std::nullopt;
  return found->second;
}

/// Removes the ended calls at the end, so that the last place always holds an open call.
void Lane::drop_ended() {
  while (!calls_.empty() && !calls_.back().is_open) calls_.pop_back();
  reported_ = std::min(reported_, calls_.size());
  if (!calls_.empty()) return;
  index_.clear();
  is_indexed_ = false;
}

std::vector<OpenCall> Lane::close_within(std::uint64_t id, const void* source) {
  const auto place = find(id);
  return place ? close(source, *place + 1) : std::vector<OpenCall>{};
}

std::vector<OpenCall> Lane::close(const void* source, std::size_t from) {
  std::vector<OpenCall> closed;
  const auto end = calls_.rend() - static_cast<std::ptrdiff_t>(from);
  for (auto place = calls_.rbegin(); place != end; ++place) {
    if (!place->is_open || place->call.source != source) continue;
    place->is_open = false;
    if (is_indexed_) index_.erase(place->call.id);
    closed.push_back(std::move(place->call));
  }
  drop_ended();
  return closed;
}

std::vector<OpenCall> Lane::next_begun_before(Instant limit) {
  std::vector<OpenCall> begun;
  for (; reported_ < calls_.size() && calls_[reported_].call.in.t < limit; ++reported_) {
    if (calls_[reported_].is_open) begun.push_back(calls_[reported_].call);
  }
  return begun;
}

}  // namespace mprofpp::mark
