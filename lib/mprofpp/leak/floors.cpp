#include "mprofpp/leak/floors.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>

namespace mprofpp::leak {
namespace {

constexpr std::size_t bin_count = 960;

bool has_less(const Reading& left, const Reading& right) {
  return left.mib < right.mib;
}

/// The least reading of each of several stretches of time; nothing where there is none.
using LeastReadings = std::vector<std::optional<Reading>>;

LeastReadings least_between(const Readings& readings, double from, double to, std::size_t count) {
  const double width = (to - from) / static_cast<double>(count);
  LeastReadings stretches(count);
  for (const auto& reading : readings) {
    if (!(reading.seconds >= from && reading.seconds < to)) continue;
    const auto stretch = static_cast<std::size_t>((reading.seconds - from) / width);
    auto& least = stretches[std::min(stretch, count - 1)];
    if (!least || reading.mib < least->mib) least = reading;
  }
  return stretches;
}

Readings with_readings(const LeastReadings& stretches) {
  Readings found;
  found.reserve(stretches.size());
  for (const auto& least : stretches) {
    if (least) found.push_back(*least);
  }
  return found;
}

}  // namespace

Readings least_of_bins(const Readings& readings) {
  constexpr double a_little_more = 1.0000001;  // so that the last reading is in the last bin
  const double first = readings.front().seconds;
  const double length = readings.back().seconds - first;
  const double width = length * a_little_more / static_cast<double>(bin_count);
  if (!(width > 0)) return {*std::min_element(readings.begin(), readings.end(), has_less)};
  LeastReadings bins(bin_count);
  for (const auto& reading : readings) {
    const auto bin = static_cast<std::size_t>((reading.seconds - first) / width);
    auto& least = bins[std::min(bin, bin_count - 1)];
    if (!least || reading.mib < least->mib) least = reading;
  }
  return with_readings(bins);
}

Readings floors(const Readings& bins, double from, double to, std::size_t count) {
  const double width = (to - from) / static_cast<double>(count);
  const auto stretches = least_between(bins, from, to, count);
  Readings found;
  for (std::size_t i = 0; i < count; ++i) {
    if (!stretches[i]) continue;
    found.push_back({from + (static_cast<double>(i) + 0.5) * width, stretches[i]->mib});
  }
  return found;
}

Readings least_of_stretches(const Readings& bins, double from, double to, std::size_t count) {
  return with_readings(least_between(bins, from, to, count));
}

Readings between(const Readings& bins, double from, double to) {
  Readings part;
  std::copy_if(bins.begin(), bins.end(), std::back_inserter(part), [&](const Reading& reading) {
    return reading.seconds >= from && reading.seconds <= to;
  });
  return part;
}

std::vector<double> amounts(const Readings& readings) {
  std::vector<double> values;
  values.reserve(readings.size());
  for (const auto& reading : readings) values.push_back(reading.mib);
  return values;
}

std::vector<double> kept(std::vector<double> values) {
  for (std::size_t i = values.size(); i-- > 1;) values[i - 1] = std::min(values[i - 1], values[i]);
  return values;
}

std::vector<double> moves(const std::vector<double>& values) {
  std::vector<double> differences;
  for (std::size_t i = 1; i < values.size(); ++i) differences.push_back(values[i] - values[i - 1]);
  return differences;
}

}  // namespace mprofpp::leak
