#include "mprofpp/mark/grouping.hpp"

#include <algorithm>

namespace mprofpp::mark {
namespace {

using namespace std::chrono_literals;

/// In MiB. A program may write any number into its rings, but a line with a larger one could not be read
/// again.
constexpr double largest_growth = 0x1p42;

void widen(model::CallGroup& group, const std::optional<double>& rss) {
  if (!rss) return;
  group.rss_min = std::min(group.rss_min.value_or(*rss), *rss);
  group.rss_max = std::max(group.rss_max.value_or(*rss), *rss);
}

void add_to(model::CallGroup& group, const EndedCalls& ended) {
  group.t_from = std::min(group.t_from, ended.from);
  group.t_to = std::max(group.t_to, ended.to);
  group.count += ended.count;
  group.seconds += to_seconds(ended.length);
  widen(group, ended.rss_min);
  widen(group, ended.rss_max);
  if (!ended.growth) return;
  const double growth = group.growth.value_or(0) + *ended.growth;
  group.growth = std::clamp(growth, -largest_growth, largest_growth);
}

EndedCalls counted(const EndedCall& ended) {
  const auto& in = ended.call.in;
  const auto& out = ended.out;
  EndedCalls one{1, ended.length(), in.t, out.t, in.rss, out.rss, std::nullopt};
  if (in.rss && out.rss) {
    one.rss_min = std::min(*in.rss, *out.rss);
    one.rss_max = std::max(*in.rss, *out.rss);
    one.growth = *out.rss - *in.rss;
  }
  if (ended.activity) {
    one.length = ended.activity->length;
    one.growth = ended.activity->growth;
  }
  return one;
}

}  // namespace

std::size_t Grouping::Hash::operator()(const Key& key) const noexcept {
  const auto level = static_cast<std::size_t>(key.level);
  return (std::hash<LaneId>{}(key.lane) ^ std::hash<const void*>{}(key.function)) * 31 + level;
}

bool Grouping::absorb(const LaneId& lane, const EndedCall& ended, model::Sink& sink) {
  if (!rule_.shortest) return false;
  const auto second = std::chrono::floor<std::chrono::seconds>(ended.out.t);
  const bool is_short = ended.length() < *rule_.shortest;
  if (!is_busy({lane, ended.call.function}, second, 1) || !is_short) return false;
  gather({lane, ended.call.function, ended.call.level}, second, counted(ended), sink);
  return true;
}

void Grouping::add(const Key& key, const EndedCalls& ended, model::Sink& sink) {
  const auto second = std::chrono::floor<std::chrono::seconds>(ended.to);
  is_busy({key.lane, key.function}, second, ended.count);
  gather(key, second, ended, sink);
}

/// Counts the ends of a function and returns true if it is busy. A function that was busy in one second is
/// busy from the start of the next one. Otherwise the first hundred calls of each second would be written
/// individually.
bool Grouping::is_busy(const Key& function, Second second, std::uint64_t ends) {
  auto& count = ends_[function];
  if (second != count.second) {
    count.before = second == count.second + 1s ? count.now : 0;
    count.now = 0;
    count.second = second;
  }
  count.now += ends;
  return count.now > rule_.busy || count.before > rule_.busy;
}

void Grouping::gather(const Key& key, Second second, const EndedCalls& ended, model::Sink& sink) {
  auto& group = groups_[key];
  if (group.calls.count > 0 && group.second != second) {
    sink.take(group.calls);
    group.calls = {};
  }
  if (group.calls.count == 0) group = {second, begin_group(key, ended)};
  add_to(group.calls, ended);
}

model::CallGroup Grouping::begin_group(const Key& key, const EndedCalls& ended) const {
  model::CallGroup group;
  group.name = key.function->name;
  group.pid = pid_;
  group.lane = key.lane;
  group.level = key.level;
  group.t_from = ended.from;
  group.t_to = ended.to;
  return group;
}

void Grouping::write_until(Instant until, model::Sink& sink) {
  const auto second = std::chrono::floor<std::chrono::seconds>(until);
  std::erase_if(groups_, [&](const auto& group) {
    if (group.second.second >= second) return false;
    sink.take(group.second.calls);
    return true;
  });
  std::erase_if(ends_, [&](const auto& ends) { return ends.second.second + 1s < second; });
}

void Grouping::write_all(model::Sink& sink) {
  for (const auto& [key, group] : groups_) sink.take(group.calls);
  groups_.clear();
}

}  // namespace mprofpp::mark
