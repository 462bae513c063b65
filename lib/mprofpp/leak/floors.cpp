#include "mprofpp/leak/floors.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>

namespace mprofpp::leak {
namespace {

constexpr std::size_t bin_count = 960;

/// Collects the least reading of each of several stretches of time.
class LeastReadings {
 public:
  explicit LeastReadings(std::size_t count) : least_(count) {}

  void add(std::size_t stretch, const Reading& reading) {
    auto& least = least_[std::min(stretch, least_.size() - 1)];
    if (!least || reading.mib < least->mib) least = reading;
  }
  const std::vector<std::optional<Reading>>& least() const { return least_; }

 private:
  std::vector<std::optional<Reading>> least_;
};

}  // namespace

Readings least_of_bins(const Readings& readings) {
  constexpr double a_little_more = 1.0000001;  // so that the last reading is in the last bin
  const double first = readings.front().seconds;
  const double length = readings.back().seconds - first;
  const double width = length * a_little_more / static_cast<double>(bin_count);
  LeastReadings bins(bin_count);
  for (const auto& reading : readings) {
    const auto bin = width > 0 ? (reading.seconds - first) / width : 0;
    bins.add(static_cast<std::size_t>(bin), reading);
  }
  Readings least;
  least.reserve(bin_count);
  for (const auto& bin : bins.least()) {
    if (bin) least.push_back(*bin);
  }
  return least;
}

Readings floors(const Readings& bins, double from, double to, std::size_t count) {
  const double width = (to - from) / static_cast<double>(count);
  LeastReadings stretches(count);
  for (const auto& reading : bins) {
    if (!(reading.seconds >= from && reading.seconds < to)) continue;
    stretches.add(static_cast<std::size_t>((reading.seconds - from) / width), reading);
  }
  Readings found;
  for (std::size_t i = 0; i < count; ++i) {
    const auto& least = stretches.least()[i];
    if (least) found.push_back({from + (static_cast<double>(i) + 0.5) * width, least->mib});
  }
  return found;
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
