#include "mprofpp/chart/detail/tracks.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <queue>
#include <set>
#include <string>
#include <utility>

namespace mprofpp::chart {
namespace {

// times have four decimals, so a call may seem to start just before its neighbour ends
constexpr double rounding = 1e-4;

/// Calls of a lane that stay on one track.
struct BusyPeriod {
  std::uint32_t lane = 0;
  double begin = 0;
  double end = 0;
  std::vector<std::uint32_t> spans = {};
};

void extend(BusyPeriod& period, const analysis::Span& span, std::uint32_t index) {
  period.begin = std::min(period.begin, span.begin);
  period.end = std::max(period.end, span.end);
  period.spans.push_back(index);
}

/// Returns true if a call is the next one of a greenlet or task and not part of the previous one.
bool begins_next_call(const BusyPeriod& period, const analysis::Span& span) {
  return span.row == 0 && span.begin > period.end - rounding;
}

/// The tracks of a group while they are filled.
class Tracks {
 public:
  /// Returns a track and marks it busy: the last one of the lane if it is free, else the first free one.
  std::uint32_t take(const BusyPeriod& period) {
    while (!busy_.empty() && busy_.top().first <= period.begin + rounding) {
      free_.insert(busy_.top().second);
      busy_.pop();
    }
    if (free_.empty()) free_.insert(count_++);
    const auto last = last_.find(period.lane);
    const bool stays = last != last_.end() && free_.contains(last->second);
    const auto track = stays ? last->second : *free_.begin();
    free_.erase(track);
    busy_.emplace(period.end, track);
    last_[period.lane] = track;
    return track;
  }
  std::uint32_t count() const { return count_; }

 private:
  using Busy = std::pair<double, std::uint32_t>;  // until when, and which track
  std::priority_queue<Busy, std::vector<Busy>, std::greater<>> busy_;
  std::set<std::uint32_t> free_;
  std::map<std::uint32_t, std::uint32_t> last_;
  std::uint32_t count_ = 0;
};

/// Returns the periods of every lane.
std::vector<std::vector<BusyPeriod>> busy_periods_of(const analysis::Spans& all) {
  std::vector<std::vector<BusyPeriod>> periods(all.lanes.size());
  std::vector<LaneKind> kinds;
  for (const auto& lane : all.lanes) kinds.push_back(kind_of(lane));
  for (std::uint32_t i = 0; i < all.spans.size(); ++i) {
    const auto& span = all.spans[i];
    auto& own = periods[span.lane];
    const auto kind = kinds[span.lane];
    const bool may_part = kind == LaneKind::greenlet || kind == LaneKind::task;
    if (own.empty() || (may_part && begins_next_call(own.back(), span)))
      own.push_back({span.lane, span.begin, span.end});
    extend(own.back(), span, i);
  }
  return periods;
}

/// Returns the groups of lanes that may share tracks, by process and kind.
std::vector<std::vector<std::uint32_t>> shareable_lanes(const analysis::Spans& all) {
  std::map<std::pair<pid_t, LaneKind>, std::vector<std::uint32_t>> by_kind;
  std::vector<std::vector<std::uint32_t>> groups;
  for (std::uint32_t i = 0; i < all.lanes.size(); ++i) {
    const auto kind = kind_of(all.lanes[i]);
    if (kind == LaneKind::main_thread || kind == LaneKind::unknown)
      groups.push_back({i});
    else
      by_kind[{all.lanes[i].pid, kind}].push_back(i);
  }
  for (auto& [key, lanes] : by_kind) groups.push_back(std::move(lanes));
  return groups;
}

TrackGroup shared(std::vector<std::uint32_t> lanes,
                  const std::vector<std::vector<BusyPeriod>>& periods) {
  std::vector<const BusyPeriod*> order;
  for (const auto lane : lanes) {
    for (const auto& period : periods[lane]) order.push_back(&period);
  }
  std::stable_sort(order.begin(), order.end(),
                   [](const BusyPeriod* a, const BusyPeriod* b) { return a->begin < b->begin; });
  TrackGroup group{std::move(lanes), {}};
  Tracks tracks;
  for (const auto* period : order) {
    const auto track = tracks.take(*period);
    group.tracks.resize(tracks.count());
    group.tracks[track].insert(group.tracks[track].end(), period->spans.begin(),
                               period->spans.end());
  }
  return group;
}

TrackGroup alone(std::uint32_t lane, const std::vector<BusyPeriod>& periods) {
  TrackGroup group{{lane}, {{}}};
  auto& track = group.tracks.front();
  for (const auto& period : periods) {
    track.insert(track.end(), period.spans.begin(), period.spans.end());
  }
  return group;
}

}  // namespace

LaneKind kind_of(const analysis::Lane& lane) {
  using Kind = model::LaneId::Kind;
  switch (lane.id.kind) {
    case Kind::thread:
      return lane.id.thread == static_cast<std::uint32_t>(lane.pid) ? LaneKind::main_thread
                                                                    : LaneKind::thread;
    case Kind::greenlet:
      return LaneKind::greenlet;
    case Kind::task:
      return LaneKind::task;
    case Kind::unknown:
      break;
  }
  return LaneKind::unknown;
}

std::uint64_t number_of(const analysis::Lane& lane) {
  return lane.id.kind == model::LaneId::Kind::thread ? lane.id.thread : lane.id.number;
}

std::vector<TrackGroup> share_tracks(const analysis::Spans& spans) {
  const auto periods = busy_periods_of(spans);
  std::vector<TrackGroup> groups;
  for (auto& lanes : shareable_lanes(spans)) {
    auto group = shared(lanes, periods);
    if (group.tracks.size() < lanes.size()) {
      groups.push_back(std::move(group));
      continue;
    }
    for (const auto lane : lanes) groups.push_back(alone(lane, periods[lane]));
  }
  return groups;
}

}  // namespace mprofpp::chart
