#include "mprofpp/analysis/spans.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include "mprofpp/analysis/call_readings.hpp"
#include "mprofpp/analysis/free_rows.hpp"

namespace mprofpp::analysis {
namespace {

constexpr int no_level = -1;
constexpr std::size_t most_open_calls = 10000;

double plus(double a, double b) {
  if (std::isnan(a)) return b;
  if (std::isnan(b)) return a;
  return a + b;
}

/// Adds the calls of `more`, which is on the same row.
void absorb(Span& span, const Span& more) {
  span.begin = std::min(span.begin, more.begin);
  span.end = std::max(span.end, more.end);
  span.growth = plus(span.growth, more.growth);
  span.busy += more.busy;
  span.calls += more.calls;
  span.own_calls += more.own_calls;
  span.is_mixed = span.is_mixed || more.is_mixed;
  span.mib_in = span.mib_out = span.rss_in = span.rss_out = unknown;
  span.is_open = span.is_open || more.is_open;
  span.is_estimate = span.is_estimate || more.is_estimate;
}

void absorb(FunctionTotals& totals, const FunctionTotals& more) {
  totals.add(more);
  totals.has_open = totals.has_open || more.has_open;
}

bool starts_before(const Span& a, const Span& b) {
  if (a.begin != b.begin) return a.begin < b.begin;
  if (a.end != b.end) return a.end > b.end;
  return a.row < b.row;
}

/// Assigns the rows. Merged spans stay on their level, next to each other; other spans must not overlap.
void assign_rows(Spans& all) {
  std::vector<FreeRows> rows(all.lanes.size());
  std::sort(all.spans.begin(), all.spans.end(), starts_before);
  for (auto& span : all.spans) {
    auto& lane = all.lanes[span.lane];
    const bool stays = span.calls > 1 && span.row != no_level;
    if (!stays) span.row = rows[span.lane].place(span.begin, span.end, span.row);
    lane.rows = std::max(lane.rows, span.row + 1);
  }
}

/// A column of a row, which merged spans of several functions may share.
struct Cell {
  std::uint32_t lane;
  int row;
  std::int64_t column;
  friend auto operator<=>(const Cell&, const Cell&) = default;
};

/// Adds calls that may be of another function, and gives all the name of one of the two functions.
void mix(Span& cell, const Span& more, std::uint32_t function) {
  const bool is_mixed = cell.function != more.function;
  const auto own = function == cell.function ? cell.own_calls : more.own_calls;
  absorb(cell, more);
  if (is_mixed) cell.own_calls = own;
  cell.function = function;
  cell.is_mixed = cell.is_mixed || is_mixed;
}

/// Adds calls to a cell, which has the name of the function with more time.
void mix(Span& cell, const Span& more) {
  mix(cell, more, more.busy > cell.busy ? more.function : cell.function);
}

/// Joins merged spans of one function that touch.
void join_neighbours(std::vector<Span>& spans, double gap) {
  const auto order = [](const Span& a, const Span& b) {
    return std::tie(a.lane, a.row, a.function, a.begin) <
           std::tie(b.lane, b.row, b.function, b.begin);
  };
  std::sort(spans.begin(), spans.end(), order);
  std::vector<Span> joined;
  for (const auto& span : spans) {
    const bool touches = !joined.empty() && joined.back().lane == span.lane &&
                         joined.back().row == span.row && joined.back().function == span.function &&
                         span.begin - joined.back().end < gap;
    if (touches)
      absorb(joined.back(), span);
    else
      joined.push_back(span);
  }
  spans = std::move(joined);
}

/// Returns true for groups of calls that overlap by more than half of the shorter one, as groups of the same
/// second do. Their calls took turns, and it is unknown when each of them ran.
bool took_turns(const Span& a, const Span& b) {
  if (a.calls == 1 || b.calls == 1 || a.lane != b.lane || a.row != b.row) return false;
  const double common = std::min(a.end, b.end) - std::max(a.begin, b.begin);
  return common > std::min(a.length(), b.length()) / 2;
}

/// Merges groups that took turns into one, which has the name of the group with the most time.
void mix_groups(std::vector<Span>& spans) {
  const auto order = [](const Span& a, const Span& b) {
    return std::tuple(a.lane, a.row, a.calls == 1, a.begin) <
           std::tuple(b.lane, b.row, b.calls == 1, b.begin);
  };
  std::sort(spans.begin(), spans.end(), order);
  std::vector<Span> mixed;
  double longest = 0;  // the most time of a group in the last one
  for (const auto& span : spans) {
    if (mixed.empty() || !took_turns(mixed.back(), span)) {
      mixed.push_back(span);
      longest = span.busy;
      continue;
    }
    auto& last = mixed.back();
    mix(last, span, span.busy > longest ? span.function : last.function);
    longest = std::max(longest, span.busy);
  }
  spans = std::move(mixed);
}

}  // namespace

std::vector<Span> merge_columns(const std::vector<Span>& spans, double column) {
  std::map<Cell, Span> cells;
  for (const auto& span : spans) {
    const auto number = static_cast<std::int64_t>(std::floor(span.begin / column));
    const auto [place, is_new] = cells.try_emplace({span.lane, span.row, number}, span);
    if (!is_new) mix(place->second, span);
  }
  std::vector<Span> merged;
  for (const auto& [key, span] : cells) merged.push_back(span);
  join_neighbours(merged, column);
  return merged;
}

std::vector<Span> join_groups(std::vector<Span> spans) {
  const auto others =
      std::partition(spans.begin(), spans.end(), [](const Span& span) { return span.calls > 1; });
  const std::vector<Span> single(others, spans.end());
  spans.erase(others, spans.end());
  constexpr double gap = 0.01;  // seconds
  join_neighbours(spans, gap);
  spans.insert(spans.end(), single.begin(), single.end());
  std::stable_sort(spans.begin(), spans.end(), starts_before);
  return spans;
}

SpanFold::SpanFold(const Grid& grid, std::size_t limit)
    : grid_(grid), shortest_(grid.width()), limit_(limit) {}

std::uint32_t SpanFold::function_index(const std::string& name) {
  const auto [place, is_new] =
      function_numbers_.try_emplace(name, static_cast<std::uint32_t>(functions_.size()));
  if (is_new) functions_.emplace_back(name);
  return place->second;
}

std::uint32_t SpanFold::lane_index(const Lane& lane) {
  const auto [place, is_new] = lane_numbers_.try_emplace({lane.pid, lane.id, lane.content},
                                                         static_cast<std::uint32_t>(lanes_.size()));
  if (is_new) lanes_.push_back(lane);
  return place->second;
}

bool SpanFold::is_cut(double begin, double end) const {
  return grid_.outside == Grid::Outside::cut && (end < grid_.first() || begin > grid_.last());
}

/// Counts a call that has no record of its own yet, or a title.
void SpanFold::count_running(const Span& span) {
  auto& totals = functions_[span.function];
  ++totals.calls;
  totals.seconds += span.busy;
  totals.has_open = totals.has_open || span.is_open;
}

void SpanFold::merge(const Span& span) {
  const auto column = static_cast<std::int64_t>(std::floor(span.begin / shortest_));
  const auto [place, is_new] =
      merged_.try_emplace({span.lane, span.function, span.row, column}, span);
  if (!is_new) absorb(place->second, span);
}

void SpanFold::merge_further() {
  shortest_ *= 2;
  for (const auto& [key, span] : std::exchange(merged_, {})) merge(span);
  const auto is_short = [&](const Span& span) { return span.length() < shortest_; };
  for (const auto& span : kept_) {
    if (is_short(span)) merge(span);
  }
  std::erase_if(kept_, is_short);
}

void SpanFold::keep(const Span& span) {
  if (span.length() < shortest_)
    merge(span);
  else
    kept_.push_back(span);
  const double all_time = std::max(grid_.last() - grid_.first(), 1.0);
  while (kept_.size() + merged_.size() > limit_ && shortest_ < all_time) merge_further();
}

void SpanFold::forget_open(const model::Call& call) {
  std::erase_if(open_, [&](const model::OpenCall& open) {
    return open.pid == call.pid && open.lane == call.lane && open.name == call.name &&
           std::abs(to_seconds(open.t_in - call.t_in)) < 1e-3;
  });
}

void SpanFold::add(const model::Call& call) {
  if (!open_.empty()) forget_open(call);
  Span span;
  span.begin = grid_.seconds(call.t_in);
  span.end = std::max(grid_.seconds(call.t_out), span.begin);
  if (is_cut(span.begin, span.end)) return;
  span.function = function_index(call.name);
  span.lane = lane_index({.pid = call.pid, .id = call.lane});
  span.row = call.level.value_or(no_level);
  span.mib_in = call.mib_in;
  span.mib_out = call.mib_out;
  span.rss_in = call.rss_in.value_or(unknown);
  span.rss_out = call.rss_out.value_or(unknown);
  span.growth = growth_of(call).value_or(unknown);
  span.busy = std::min(active_seconds(call).value_or(span.length()), span.length());
  span.is_open = call.flags.open;
  auto& totals = functions_[span.function];
  totals.add(call);
  totals.has_open = totals.has_open || span.is_open;
  keep(span);
}

void SpanFold::add(const model::OpenCall& call) {
  if (open_.size() < most_open_calls) open_.push_back(call);
}

void SpanFold::add(const model::CallGroup& whole) {
  if (grid_.is_cut(whole.t_from, whole.t_to) || whole.count == 0) return;
  const auto part = part_within(whole, grid_.window());
  const auto& group = part.group;
  Span span;
  span.begin = grid_.seconds(group.t_from);
  span.end = std::max(grid_.seconds(group.t_to), span.begin);
  span.function = function_index(group.name);
  span.lane = lane_index({.pid = group.pid, .id = group.lane});
  span.row = group.level;
  span.growth = group.growth.value_or(unknown);
  span.busy = group.seconds;
  span.calls = span.own_calls = group.count;
  span.is_estimate = part.is_estimate;
  functions_[span.function].add(part);
  keep(span);
}

void SpanFold::add(const model::Title& title) {
  end_title(title.pid, title.t);
  titles_.emplace(title.pid, title);
}

void SpanFold::end_title(pid_t pid, Instant t) {
  const auto found = titles_.find(pid);
  if (found == titles_.end()) return;
  add_title(found->second, grid_.seconds(t));
  titles_.erase(found);
}

void SpanFold::add_title(const model::Title& title, double end) {
  Span span;
  span.begin = grid_.seconds(title.t);
  span.end = std::max(end, span.begin);
  if (is_cut(span.begin, span.end)) return;
  span.function = function_index(title.text);
  span.lane = lane_index({.pid = title.pid, .content = Lane::Content::titles});
  span.busy = span.length();
  count_running(span);
  keep(span);
}

/// Gives functions the names that came late. Two places in files may turn out to be one function.
void SpanFold::rename() {
  if (late_.empty()) return;
  function_numbers_.clear();
  std::vector<std::uint32_t> renumbered;
  for (const auto& old : std::exchange(functions_, {})) {
    renumbered.push_back(function_index(late_.of(old.name)));
    absorb(functions_[renumbered.back()], old);
  }
  for (auto& span : kept_) span.function = renumbered[span.function];
  for (auto [key, span] : std::exchange(merged_, {})) {
    span.function = renumbered[key.function];
    const auto [place, is_new] =
        merged_.try_emplace({key.lane, span.function, key.level, key.column}, span);
    if (!is_new) absorb(place->second, span);
  }
}

/// Notes when each function ran, before spans of several functions are merged.
void SpanFold::add_busy_times() {
  const auto add = [&](const Span& span) {
    functions_[span.function].busy.push_back({span.begin, span.end, span.busy});
  };
  for (const auto& span : kept_) add(span);
  for (const auto& [key, span] : merged_) add(span);
}

Spans SpanFold::finish(double end) const {
  SpanFold closed = *this;
  for (const auto& call : open_) {
    Span span;
    span.begin = grid_.seconds(call.t_in);
    span.end = std::max(end, span.begin);
    if (is_cut(span.begin, span.end)) continue;
    span.function = closed.function_index(call.name);
    span.lane = closed.lane_index({.pid = call.pid, .id = call.lane});
    span.row = call.level;
    span.rss_in = call.rss_in.value_or(unknown);
    span.busy = span.length();
    span.is_open = true;
    closed.count_running(span);
    closed.keep(span);
  }

  for (const auto& [pid, title] : titles_) closed.add_title(title, end);

  closed.rename();
  closed.add_busy_times();
  Spans all{std::move(closed.functions_), std::move(closed.lanes_), {}};
  for (const auto& [key, span] : closed.merged_) all.spans.push_back(span);
  all.spans = merge_columns(all.spans, closed.shortest_);
  all.spans.insert(all.spans.end(), closed.kept_.begin(), closed.kept_.end());
  mix_groups(all.spans);
  assign_rows(all);
  return all;
}

}  // namespace mprofpp::analysis
