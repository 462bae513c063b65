#include "mprofpp/leak/call_cause.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "mprofpp/leak/floors.hpp"

namespace mprofpp::leak {
namespace {

using Answer = CallCause::Answer;

constexpr std::size_t floor_count = 40;
constexpr double fewest_calls = 30;
constexpr double much_overlap = 0.1;

/// Functions that are always called together, and how well their number of calls explains the floors.
struct Group {
  std::vector<const CallCounts::Function*> functions;  ///< the outermost first
  double error = 0;  ///< the deviation of the floors from a line, as a part of their growth

  const std::vector<double>& ended() const { return functions.front()->ended; }
  double calls() const { return ended().back() - ended().front(); }
};

bool go_together(const CallCounts::Function& left, const CallCounts::Function& right) {
  const double calls = left.ended.back() - left.ended.front();
  const double tolerance = std::max(2.0, 0.01 * calls);
  for (std::size_t i = 0; i < left.ended.size(); ++i) {
    const double left_calls = left.ended[i] - left.ended.front();
    const double right_calls = right.ended[i] - right.ended.front();
    if (std::abs(left_calls - right_calls) > tolerance) return false;
  }
  return true;
}

/// Returns the standard deviation of the values from the best line through (xs, ys); infinite if the xs are
/// all the same.
double deviation_from_line(const std::vector<double>& xs, const std::vector<double>& ys) {
  const auto n = static_cast<double>(xs.size());
  double mean_x = 0;
  double mean_y = 0;
  for (std::size_t i = 0; i < xs.size(); ++i) {
    mean_x += xs[i] / n;
    mean_y += ys[i] / n;
  }
  double xx = 0;
  double xy = 0;
  for (std::size_t i = 0; i < xs.size(); ++i) {
    xx += (xs[i] - mean_x) * (xs[i] - mean_x);
    xy += (xs[i] - mean_x) * (ys[i] - mean_y);
  }
  if (!(xx > 0)) return std::numeric_limits<double>::infinity();
  double squares = 0;
  for (std::size_t i = 0; i < xs.size(); ++i) {
    const double error = ys[i] - mean_y - xy / xx * (xs[i] - mean_x);
    squares += error * error;
  }
  return std::sqrt(squares / std::max(1.0, n - 2));
}

/// Returns Sen's slope where the distances of the xs differ. The moves of the values then differ, too, which
/// is not noise, so the interval is that of the values without the slope.
Slope slope_of_uneven(const std::vector<double>& xs, std::vector<double> ys) {
  const double variance = kendall(ys).variance;
  const double middle = sen_slope(xs, ys, variance).middle;
  for (std::size_t i = 0; i < xs.size(); ++i) ys[i] -= middle * xs[i];
  auto slope = sen_slope(xs, ys, variance);
  for (double* value : {&slope.middle, &slope.low, &slope.high, &slope.order_low}) *value += middle;
  return slope;
}

/// A period in seconds since the epoch.
struct Period {
  double from;
  double to;
  double length() const { return to - from; }
};

/// Returns the longest part of a leak in which no step was taken out of the climb. The times of steps are the
/// middles of the stretches that begin after them.
Period longest_part_without_steps(const Stretch& leak) {
  const double half = leak.length() / static_cast<double>(leak.floors.size()) / 2;
  std::vector<double> edges = {leak.from, leak.to};
  for (const auto& step : leak.taken) edges.push_back(step.seconds - half);
  std::sort(edges.begin(), edges.end());
  Period longest{leak.from, leak.from};
  for (std::size_t i = 1; i < edges.size(); ++i) {
    const Period part{edges[i - 1], edges[i]};
    if (part.length() > longest.length()) longest = part;
  }
  return longest;
}

/// Finds the cause of one leak.
class CauseSearch {
 public:
  CauseSearch(const CallCounts& counts, pid_t pid, const Readings& readings, const Stretch& leak)
      : counts_(counts), pid_(pid) {
    const auto [from, to] = longest_part_without_steps(leak);
    bins_ = between(least_of_bins(readings), from, to);
    floors_ = least_of_stretches(bins_, from, to, floor_count);
    for (const auto& floor : floors_) times_.push_back(floor.seconds);
  }

  CallCause cause() {
    constexpr std::size_t fewest_floors = 5;
    if (floors_.size() < fewest_floors || !(growth() > 0)) return {};
    functions_ = counts_.functions(pid_, times_);
    if (functions_.empty()) return {};
    make_groups();
    if (const auto* group = decisive_group()) return answer(Answer::function, *group);
    return without_numbers();
  }

 private:
  /// Answers from what the calls added, or refuses.
  CallCause without_numbers() const {
    const double from = times_.front();
    const double to = times_.back();
    const bool overlaps = counts_.overlap(pid_, from, to) >= much_overlap;
    if (!overlaps && counts_.are_outermost_open(pid_, from, to)) return {Answer::calls_are_open};
    const double within = counts_.growth(pid_, from, to) / growth();
    const auto* only = only_outermost();
    if (only && !overlaps && within >= 0.7) return {Answer::within, only->name};
    if (!overlaps && within < 0.3) return {Answer::outside};
    if (overlaps) return {Answer::calls_overlap};
    const bool few = groups_.front().calls() < fewest_calls;
    return {few ? Answer::too_few_calls : Answer::calls_go_together};
  }

  double growth() const { return floors_.back().mib - floors_.front().mib; }

  void make_groups() {
    // the outermost functions come first, so that they name their groups
    std::stable_partition(functions_.begin(), functions_.end(),
                          [](const auto& function) { return function.is_outermost; });
    for (const auto& function : functions_) {
      const auto group = std::find_if(groups_.begin(), groups_.end(), [&](const Group& candidate) {
        return go_together(*candidate.functions.front(), function);
      });
      if (group == groups_.end())
        groups_.push_back({{&function}, 0});
      else
        group->functions.push_back(&function);
    }
    for (auto& group : groups_) {
      group.error = deviation_from_line(group.ended(), amounts(floors_)) / growth();
    }
    std::sort(groups_.begin(), groups_.end(),
              [](const Group& left, const Group& right) { return left.error < right.error; });
  }

  /// Returns the group that explains the floors three times better than every other and than the time.
  const Group* decisive_group() const {
    constexpr double clearly = 3;
    constexpr double visible = 0.005;  // of the growth: else nothing varies enough to decide
    const auto& best = groups_.front();
    double second = deviation_from_line(times_, amounts(floors_)) / growth();
    if (groups_.size() > 1) second = std::min(second, groups_[1].error);
    const bool decides =
        second >= clearly * best.error && second >= visible && best.calls() >= fewest_calls;
    return decides ? &best : nullptr;
  }

  const CallCounts::Function* only_outermost() const {
    const auto is_outermost = [](const auto& function) { return function.is_outermost; };
    const auto count = std::count_if(functions_.begin(), functions_.end(), is_outermost);
    return count == 1 ? &functions_.front() : nullptr;
  }

  CallCause answer(Answer answer, const Group& group) const {
    CallCause cause{answer, group.functions.front()->name};
    for (std::size_t i = 1; i < group.functions.size(); ++i) {
      cause.with.push_back(group.functions[i]->name);
    }
    cause.calls = static_cast<std::uint64_t>(std::llround(group.calls()));
    cause.per_call = memory_per_call(group.ended());
    return cause;
  }

  /// Returns Sen's slope of the floors against the number of calls.
  std::optional<Slope> memory_per_call(const std::vector<double>& ended) const {
    std::vector<double> calls;
    Readings points;
    for (std::size_t i = 0; i < ended.size(); ++i) {
      if (!calls.empty() && !(ended[i] > calls.back())) continue;
      calls.push_back(ended[i]);
      points.push_back(floors_[i]);
    }
    if (calls.size() < 5) return std::nullopt;
    const auto values = amounts(points);
    auto slope = slope_of_uneven(calls, values);
    const double step = std::max(page_mib, 0.5 * grain(bins_));
    const double inexact = 0.003 * std::abs(slope.middle) + step / (calls.back() - calls.front());
    slope.low -= inexact;
    slope.high += inexact;
    return slope;
  }

  const CallCounts& counts_;
  pid_t pid_;
  Readings bins_;
  Readings floors_;  // at their own times
  std::vector<double> times_;
  std::vector<CallCounts::Function> functions_;
  std::vector<Group> groups_;
};

}  // namespace

CallCause find_cause(const CallCounts& counts, pid_t pid, const Readings& readings,
                     const Stretch& leak) {
  return CauseSearch(counts, pid, readings, leak).cause();
}

}  // namespace mprofpp::leak
