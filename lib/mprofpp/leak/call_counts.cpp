#include "mprofpp/leak/call_counts.hpp"

#include <algorithm>
#include <cmath>

namespace mprofpp::leak {
namespace {

/// Room for the cells of all functions: 8 MB.
constexpr std::size_t room = std::size_t{1} << 21U;
constexpr std::size_t fewest_cells = 512;
/// If more functions were called, the others are counted as one.
constexpr std::size_t most_functions = 4096;
const std::string other_functions = "other functions";
/// So many calls are compared with the next ones.
constexpr std::size_t remembered_calls = 64;

}  // namespace

void Cells::add(double from, double to, double amount) {
  const auto first = static_cast<std::size_t>(from);
  const auto last = static_cast<std::size_t>(to);
  include(first);
  include(last);
  if (first == last) {
    amounts_[first - first_] += static_cast<float>(amount);
    return;
  }
  for (auto cell = first; cell <= last; ++cell) {
    const double begin = std::max(from, static_cast<double>(cell));
    const double end = std::min(to, static_cast<double>(cell + 1));
    amounts_[cell - first_] += static_cast<float>(amount * (end - begin) / (to - from));
  }
}

/// Makes room for a cell. Calls end in the order of time, so cells before the first are rare.
void Cells::include(std::size_t cell) {
  if (amounts_.empty()) first_ = cell;
  if (cell < first_) {
    amounts_.insert(amounts_.begin(), first_ - cell, 0);
    first_ = cell;
  }
  if (cell - first_ >= amounts_.size()) amounts_.resize(cell - first_ + 1);
}

std::vector<double> Cells::until(const std::vector<double>& points) const {
  std::vector<double> sums;
  double whole = 0;  // of the first i cells
  std::size_t i = 0;
  for (const double point : points) {
    const double known = point - static_cast<double>(first_);
    for (; i < amounts_.size() && static_cast<double>(i + 1) <= known; ++i) whole += amounts_[i];
    const double part = known - static_cast<double>(i);
    sums.push_back(i < amounts_.size() && part > 0 ? whole + amounts_[i] * part : whole);
  }
  return sums;
}

void Cells::halve() {
  if (amounts_.empty()) return;
  const auto first = first_ / 2;
  std::vector<float> halved((first_ + amounts_.size() - 1) / 2 - first + 1);
  for (std::size_t i = 0; i < amounts_.size(); ++i) halved[(first_ + i) / 2 - first] += amounts_[i];
  first_ = first;
  amounts_ = std::move(halved);
}

void CallCounts::take(const model::Call& call) {
  const double end = cell_at(call.t_out);
  const bool known = call.rss_in && call.rss_out;
  add({.name = late_names_.of(call.name),
       .pid = call.pid,
       .level = call.level.value_or(0),
       .time = {call.t_in, call.t_out, 1, call.lane},
       .first_end = end,
       .last_end = end,
       .count = 1,
       .growth = known ? *call.rss_out - *call.rss_in : 0});
}

void CallCounts::take(const model::CallGroup& group) {
  const double length = to_seconds(group.t_to - group.t_from);
  const double last_end = cell_at(group.t_to);
  add({.name = late_names_.of(group.name),
       .pid = group.pid,
       .level = group.level,
       .time = {group.t_from, group.t_to, length > 0 ? group.seconds / length : 1, group.lane},
       .first_end = std::min(cell_at(group.t_from), last_end),
       .last_end = last_end,
       .count = static_cast<double>(group.count),
       .growth = group.growth.value_or(0)});
}

void CallCounts::add(const Ended& ended) {
  auto& process = processes_[ended.pid];
  const bool is_full = functions_ >= most_functions && !process.functions.contains(ended.name);
  const auto [place, is_new] =
      process.functions.try_emplace(is_full ? other_functions : ended.name);
  place->second.ended.add(ended.first_end, ended.last_end, ended.count);
  if (ended.level == 0) place->second.is_outermost = true;
  if (ended.level <= 1) add_time(process, ended);
  if (is_new) ++functions_;
  while (functions_ * most_cells_ > room && most_cells_ > fewest_cells) {
    most_cells_ /= 2;
    coarsen();
  }
}

/// Adds the time of a call, and the part of it in which one of another lane ran that ended before.
void CallCounts::add_time(Process& process, const Ended& ended) {
  const auto& time = ended.time;
  double shared = 0;
  for (const auto& other : process.recent) {
    if (other.lane == time.lane) continue;
    const auto together = std::min(other.to, time.to) - std::max(other.from, time.from);
    if (together > Duration::zero()) {
      shared += to_seconds(together) * other.density * time.density;
    }
  }
  const double seconds = to_seconds(time.to - time.from) * time.density;
  if (ended.level == 0) {
    process.growth.add(ended.first_end, ended.last_end, ended.growth);
    process.outermost.add(ended.first_end, ended.last_end, seconds);
  } else {
    process.inner.add(ended.first_end, ended.last_end, seconds);
  }
  process.shared.add(ended.first_end, ended.last_end, std::min(shared, seconds));
  process.recent.push_back(time);
  if (process.recent.size() > remembered_calls) process.recent.pop_front();
}

/// Returns a time in cells. The cells get longer if there would be too many; a time before the first one
/// counts as that.
double CallCounts::cell_at(Instant t) {
  if (!origin_) origin_ = t;
  const double seconds = std::max(0.0, to_seconds(t - *origin_));
  while (seconds / cell_ >= static_cast<double>(most_cells_)) coarsen();
  return seconds / cell_;
}

double CallCounts::cell_at(double seconds) const {
  return std::max(0.0, seconds - to_seconds(*origin_)) / cell_;
}

void CallCounts::coarsen() {
  cell_ *= 2;
  for (auto& [pid, process] : processes_) {
    for (auto& [name, counts] : process.functions) counts.ended.halve();
    process.growth.halve();
    process.outermost.halve();
    process.inner.halve();
    process.shared.halve();
  }
}

void CallCounts::forget(pid_t pid) {
  const auto process = processes_.find(pid);
  if (process == processes_.end()) return;
  functions_ -= process->second.functions.size();
  processes_.erase(process);
}

std::optional<pid_t> CallCounts::only_process() const {
  return processes_.size() == 1 ? std::optional(processes_.begin()->first) : std::nullopt;
}

std::vector<CallCounts::Function> CallCounts::functions(pid_t pid,
                                                        const std::vector<double>& times) const {
  std::vector<Function> found;
  const auto process = processes_.find(pid);
  if (process == processes_.end()) return found;
  std::vector<double> points;
  for (const double time : times) points.push_back(cell_at(time));
  for (const auto& [name, counts] : process->second.functions) {
    Function function{name, counts.ended.until(points), counts.is_outermost};
    if (function.ended.back() - function.ended.front() >= 1) found.push_back(std::move(function));
  }
  return found;
}

double CallCounts::growth(pid_t pid, double from, double to) const {
  const auto process = processes_.find(pid);
  return process == processes_.end() ? 0 : between(process->second.growth, from, to);
}

double CallCounts::overlap(pid_t pid, double from, double to) const {
  const auto process = processes_.find(pid);
  if (process == processes_.end()) return 0;
  const auto& [functions, growth, outermost, inner, shared, recent] = process->second;
  const double together = between(shared, from, to);
  const double covered = between(outermost, from, to) + between(inner, from, to) - together;
  return covered > 0 ? together / covered : 0;
}

bool CallCounts::are_outermost_open(pid_t pid, double from, double to) const {
  const auto process = processes_.find(pid);
  if (process == processes_.end()) return false;
  const double inner = between(process->second.inner, from, to);
  return inner > between(process->second.outermost, from, to);
}

/// Returns the sum of what belongs to the time between two times.
double CallCounts::between(const Cells& cells, double from, double to) const {
  return cells.until(cell_at(to)) - cells.until(cell_at(from));
}

}  // namespace mprofpp::leak
