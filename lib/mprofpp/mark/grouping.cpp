#include "mprofpp/mark/grouping.hpp"

#include <algorithm>

namespace mprofpp::mark {
namespace {

using namespace std::chrono_literals;

void widen(model::CallGroup& group, const std::optional<double>& rss) {
  if (!rss) return;
  group.rss_min = std::min(group.rss_min.value_or(*rss), *rss);
  group.rss_max = std::max(group.rss_max.value_or(*rss), *rss);
}

void add_to(model::CallGroup& group, const EndedCall& ended) {
  const auto& in = ended.call.in;
  group.t_from = std::min(group.t_from, in.t);
  group.t_to = std::max(group.t_to, ended.out.t);
  ++group.count;
  group.seconds += to_seconds(ended.length());
  widen(group, in.rss);
  widen(group, ended.out.rss);
  if (in.rss && ended.out.rss) group.growth = group.growth.value_or(0) + *ended.out.rss - *in.rss;
}

}  // namespace

std::size_t Grouping::Hash::operator()(const Key& key) const noexcept {
  const auto level = static_cast<std::size_t>(key.level);
  return (std::hash<LaneId>{}(key.lane) ^ std::hash<const void*>{}(key.function)) * 31 + level;
}

bool Grouping::takes(const LaneId& lane, const EndedCall& ended, model::Sink& sink) {
  if (!rule_.shortest) return false;
  const auto second = std::chrono::floor<std::chrono::seconds>(ended.out.t);
  const bool is_short = ended.length() < *rule_.shortest;
  if (!is_busy({lane, ended.call.function}, second) || !is_short) return false;
  add({lane, ended.call.function, ended.call.level}, second, ended, sink);
  return true;
}

/// Once a function was busy for a second, all of the next one counts, else the first hundred calls
/// of each second would be told one by one.
bool Grouping::is_busy(const Key& function, Second second) {
  auto& ends = ends_[function];
  if (second != ends.second) {
    ends.before = second == ends.second + 1s ? ends.now : 0;
    ends.now = 0;
    ends.second = second;
  }
  return ++ends.now > rule_.busy || ends.before > rule_.busy;
}

void Grouping::add(const Key& key, Second second, const EndedCall& ended, model::Sink& sink) {
  auto& group = groups_[key];
  if (group.calls.count > 0 && group.second != second) {
    sink.take(group.calls);
    group.calls = {};
  }
  if (group.calls.count == 0) group = {second, begin_group(key, ended)};
  add_to(group.calls, ended);
}

model::CallGroup Grouping::begin_group(const Key& key, const EndedCall& ended) const {
  model::CallGroup group;
  group.name = key.function->name;
  group.pid = pid_;
  group.lane = name_of(key.lane);
  group.level = key.level;
  group.t_from = ended.call.in.t;
  group.t_to = ended.out.t;
  return group;
}

void Grouping::tell(Instant until, model::Sink& sink) {
  const auto second = std::chrono::floor<std::chrono::seconds>(until);
  std::erase_if(groups_, [&](const auto& group) {
    if (group.second.second >= second) return false;
    sink.take(group.second.calls);
    return true;
  });
  std::erase_if(ends_, [&](const auto& ends) { return ends.second.second + 1s < second; });
}

void Grouping::tell_all(model::Sink& sink) {
  for (const auto& [key, group] : groups_) sink.take(group.calls);
  groups_.clear();
}

}  // namespace mprofpp::mark
