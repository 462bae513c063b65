#include "mprofpp/leak/stretch.hpp"

#include <algorithm>

#include "mprofpp/leak/floors.hpp"

namespace mprofpp::leak {
namespace {

std::vector<double> times_of(const Readings& readings) {
  std::vector<double> times;
  times.reserve(readings.size());
  for (const auto& reading : readings) times.push_back(reading.seconds);
  return times;
}

/// Returns the times as parts of the window.
std::vector<double> parts_of(const std::vector<double>& times, double from, double length) {
  std::vector<double> parts;
  parts.reserve(times.size());
  for (const double time : times) parts.push_back((time - from) / length);
  return parts;
}

}  // namespace

std::optional<Stretch> look_at(const Readings& bins, double from, double to, std::size_t count) {
  constexpr std::size_t fewest_floors = 5;
  constexpr double counting_part = 0.02;  // of the growth: smaller moves do not count
  Stretch stretch;
  stretch.from = from;
  stretch.to = to;
  stretch.floors = floors(bins, from, to, count);
  if (stretch.floors.size() < fewest_floors) return std::nullopt;

  const auto times = times_of(stretch.floors);
  auto [values, taken] = without_steps(amounts(stretch.floors));
  for (auto& step : taken) step.seconds = times[static_cast<std::size_t>(step.seconds)];
  stretch.taken = std::move(taken);
  stretch.trend = kendall(values);
  stretch.slope = sen_slope(times, values, stretch.trend.variance);
  const auto curve = kept(values);
  stretch.bend = bend(parts_of(times, from, stretch.length()), curve);
  stretch.kept_mib = curve.back() - curve.front();
  const auto climbs = moves(curve);
  if (stretch.kept_mib > 0) {
    stretch.largest_share = *std::max_element(climbs.begin(), climbs.end()) / stretch.kept_mib;
  }
  const double counts = std::max(page_mib, counting_part * stretch.kept_mib);
  stretch.upward_moves = static_cast<std::size_t>(
      std::count_if(climbs.begin(), climbs.end(), [&](double move) { return move > counts; }));
  stretch.falls_short = last_move_falls_short(climbs);
  return stretch;
}

}  // namespace mprofpp::leak
