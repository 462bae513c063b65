#include "mprofpp/page/call_fold.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "mprofpp/analysis/call_readings.hpp"
#include "mprofpp/analysis/call_totals.hpp"
#include "mprofpp/analysis/free_rows.hpp"

namespace mprofpp::page {
namespace {

constexpr int no_level = -1;
constexpr std::size_t most_open_calls = 10'000;

float or_unknown(const std::optional<double>& value) {
  return static_cast<float>(value.value_or(analysis::unknown));
}

bool begins_before(const PageCall& a, const PageCall& b) {
  if (a.begin != b.begin) return a.begin < b.begin;
  if (a.end != b.end) return a.end > b.end;
  return a.level < b.level;
}

/// Moves the first `limit` calls in that order to the front of the part, and returns the end of them.
template <class Iterator, class Order>
Iterator choose(Iterator begin, Iterator end, std::size_t limit, Order order) {
  const auto chosen =
      begin + static_cast<std::ptrdiff_t>(std::min(limit, static_cast<std::size_t>(end - begin)));
  std::nth_element(begin, chosen, end, order);
  return chosen;
}

}  // namespace

double PageCall::growth() const {
  const double mib = std::isnan(grown) ? rss_out - rss_in : grown;
  return std::isnan(mib) ? 0 : mib;
}

void PageCalls::keep(std::size_t limit) {
  if (calls.size() <= limit) return;
  const auto grew_more = [](const PageCall& a, const PageCall& b) {
    return a.growth() != b.growth() ? a.growth() > b.growth() : a.length() > b.length();
  };
  const auto is_longer = [](const PageCall& a, const PageCall& b) {
    return a.length() > b.length();
  };
  const auto grown = choose(calls.begin(), calls.end(), limit / 2, grew_more);
  const auto kept = choose(grown, calls.end(), limit - limit / 2, is_longer);
  for (auto call = kept; call != calls.end(); ++call) lanes[call->lane].left_out += call->count;
  calls.erase(kept, calls.end());
  std::sort(calls.begin(), calls.end(), begins_before);
}

std::uint32_t CallFold::function_index(const std::string& name) {
  const auto next = static_cast<std::uint32_t>(calls_.functions.size());
  const auto [place, is_new] = functions_.try_emplace(name, next);
  if (is_new) calls_.functions.push_back(name);
  return place->second;
}

std::uint32_t CallFold::lane_index(pid_t pid, const model::LaneId& lane) {
  const auto start = starts_.find(pid);
  const model::ProcessId process{pid, start == starts_.end() ? 0 : start->second};
  const auto next = static_cast<std::uint32_t>(calls_.lanes.size());
  const auto [place, is_new] = lanes_.try_emplace({process, lane}, next);
  if (is_new) calls_.lanes.push_back({.process = process, .id = lane});
  return place->second;
}

void CallFold::add(PageCall call) {
  calls_.calls.push_back(call);
  if (calls_.calls.size() > most_calls_ + most_calls_ / 4) calls_.keep(most_calls_);
}

void CallFold::take(const model::Process& process) {
  starts_[process.id.pid] = process.id.start;
}

/// Forgets that the call was open. Returns true if it was open and is not kept.
bool CallFold::forget_open(const PageCall& call) {
  constexpr double rounding = 1e-3;  // seconds
  constexpr double shortest = 0.9;   // seconds; shorter calls were never open
  auto open = open_.lower_bound({call.lane, call.function, call.begin - rounding});
  const bool is_same = open != open_.end() && open->first.lane == call.lane &&
                       open->first.function == call.function &&
                       open->first.begin <= call.begin + rounding;
  if (is_same) {
    open_.erase(open);
    return false;
  }
  if (uncounted_.empty() || call.length() < shortest) return false;
  const auto uncounted = uncounted_.find({call.lane, call.function});
  if (uncounted == uncounted_.end()) return false;
  if (--uncounted->second == 0) uncounted_.erase(uncounted);
  return true;
}

void CallFold::take(const model::Call& record) {
  const auto& flags = record.flags;
  PageCall call;
  call.function = function_index(record.name);
  call.lane = lane_index(record.pid, record.lane);
  call.begin = grid_.seconds(record.t_in);
  call.end = std::max(grid_.seconds(record.t_out), call.begin);
  const bool may_be_open = !open_.empty() || !uncounted_.empty();
  if (may_be_open && forget_open(call)) --calls_.lanes[call.lane].left_out;
  if (grid_.is_cut(record.t_in, record.t_out)) return;
  call.rss_in = or_unknown(analysis::reading_in(record));
  call.rss_out = or_unknown(analysis::reading_out(record));
  call.active = or_unknown(flags.active_seconds);
  if (flags.active_seconds) call.grown = or_unknown(flags.grown_mib);
  call.level = record.level.value_or(no_level);
  call.flags = (flags.open ? PageCall::open : 0U) | (flags.raised ? PageCall::raised : 0U) |
               (flags.reused ? PageCall::reused : 0U);
  add(call);
}

void CallFold::take(const model::OpenCall& record) {
  PageCall call;
  call.begin = grid_.seconds(record.t_in);
  if (grid_.outside == analysis::Grid::Outside::cut && call.begin > grid_.last()) return;
  call.rss_in = or_unknown(analysis::unless_nan(record.rss_in));
  call.function = function_index(record.name);
  call.lane = lane_index(record.pid, record.lane);
  call.level = record.level;
  call.flags = PageCall::open;
  if (open_.size() < most_open_calls) {
    open_.emplace(OpenKey{call.lane, call.function, call.begin}, call);
    return;
  }
  ++uncounted_[{call.lane, call.function}];
  ++calls_.lanes[call.lane].left_out;
}

void CallFold::take(const model::CallGroup& whole) {
  if (grid_.is_cut(whole.t_from, whole.t_to) || whole.count == 0) return;
  const auto group = analysis::part_within(whole, grid_.window()).group;
  PageCall call;
  call.begin = grid_.seconds(group.t_from);
  call.end = std::max(grid_.seconds(group.t_to), call.begin);
  call.grown = or_unknown(group.growth);
  call.active = static_cast<float>(group.seconds);
  call.function = function_index(group.name);
  call.lane = lane_index(group.pid, group.lane);
  call.level = group.level;
  call.flags = PageCall::grouped;
  call.count = group.count;
  add(call);
}

/// Gives functions the names that came late. Two places in files may turn out to be one function.
void CallFold::use_late_names() {
  if (late_.empty()) return;
  functions_.clear();
  std::vector<std::uint32_t> renumbered;
  for (const auto& name : std::exchange(calls_.functions, {})) {
    renumbered.push_back(function_index(late_.of(name)));
  }
  for (auto& call : calls_.calls) call.function = renumbered[call.function];
}

/// Gives each call a row: its level, or the next free one if that is unknown or taken. For nested calls that
/// is their depth. Groups stay on their level, next to each other.
void CallFold::assign_rows() {
  std::vector<analysis::FreeRows> rows(calls_.lanes.size());
  for (auto& call : calls_.calls) {
    const bool is_group = (call.flags & PageCall::grouped) != 0;
    if (!is_group) call.level = rows[call.lane].place(call.begin, call.end, call.level);
    call.level = std::max(call.level, 0);
    auto& levels = calls_.lanes[call.lane].levels;
    levels = std::max(levels, call.level + 1);
  }
}

PageCalls CallFold::finish(double end) {
  for (auto& [key, call] : open_) {
    call.end = std::max(end, call.begin);
    add(call);
  }
  use_late_names();
  std::sort(calls_.calls.begin(), calls_.calls.end(), begins_before);
  assign_rows();
  return std::move(calls_);
}

}  // namespace mprofpp::page
