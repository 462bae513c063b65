#include "mprofpp/leak/rest_floors.hpp"

#include <algorithm>
#include <cmath>

namespace mprofpp::leak {
namespace {

void lower(std::optional<double>& floor, double mib) {
  if (std::isnan(mib)) return;
  floor = floor ? std::min(*floor, mib) : mib;
}

}  // namespace

RestFloors::RestFloors(std::vector<Rest> rests) : rests_(std::move(rests)), total_(rests_.size()) {}

std::optional<std::size_t> RestFloors::rest_at(Instant t) const {
  const auto after = std::upper_bound(rests_.begin(), rests_.end(), t,
                                      [](Instant at, const Rest& rest) { return at < rest.begin; });
  if (after == rests_.begin() || t > std::prev(after)->end) return std::nullopt;
  return static_cast<std::size_t>(std::prev(after) - rests_.begin());
}

ProcessAtRest& RestFloors::process_of(pid_t pid) {
  const auto [place, is_new] = by_pid_.try_emplace(pid, processes_.size());
  if (is_new) {
    processes_.push_back({{.pid = pid}, "", std::vector<std::optional<double>>(rests_.size())});
  }
  return processes_[place->second];
}

void RestFloors::take(const model::Settings& settings) {
  root_.take(settings);
}

void RestFloors::take(const model::Process& process) {
  add_root(root_.take(process));
  const auto known = by_pid_.find(process.id.pid);
  if (known != by_pid_.end() && processes_[known->second].id != process.id) by_pid_.erase(known);
  auto& entry = process_of(process.id.pid);
  entry.id = process.id;
  entry.name = process.name;
}

void RestFloors::take(const model::Sample& sample) {
  add_root(root_.take(sample));
  if (const auto rest = rest_at(sample.t)) lower(total_[*rest], sample.mib);
}

void RestFloors::take(const model::ChildSample& sample) {
  root_.take(sample);
  if (const auto rest = rest_at(sample.t)) lower(process_of(sample.pid).mib[*rest], sample.mib);
}

void RestFloors::take(const model::Exit& exit) {
  add_root(root_.take(exit));
}

void RestFloors::finish() {
  add_root(root_.finish());
}

void RestFloors::add_root(const std::optional<analysis::TimedValue>& reading) {
  if (!reading || !root_.root()) return;
  if (const auto rest = rest_at(reading->t)) {
    lower(process_of(*root_.root()).mib[*rest], reading->mib);
  }
}

}  // namespace mprofpp::leak
