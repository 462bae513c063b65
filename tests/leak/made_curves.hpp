#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>

#include "mprofpp/leak/reading.hpp"

/// Curves of memory for the tests, made of a function of time.
namespace mprofpp::leak {

/// When they start, in seconds since the epoch.
inline constexpr double curve_start = 1.7e9;

/// Returns `count` readings, evenly spread over `seconds`, of memory(t), where t is from 0 to 1.
template <class Memory>
Readings made_curve(double seconds, std::size_t count, Memory memory) {
  Readings readings;
  readings.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const double t = static_cast<double>(i) / (static_cast<double>(count) - 1);
    readings.push_back({curve_start + t * seconds, memory(t)});
  }
  return readings;
}

/// Random numbers that are the same on every machine.
class Chance {
 public:
  explicit Chance(std::uint32_t seed) : engine_(seed) {}

  /// From 0 to 1.
  double part() { return static_cast<double>(engine_()) / 4294967296.0; }
  /// With mean 0 and standard deviation 1.
  double normal() {
    double sum = 0;
    for (int i = 0; i < 12; ++i) sum += part();
    return sum - 6;
  }

 private:
  std::mt19937 engine_;
};

/// Returns the height of a saw tooth, from 0 to 1, of which there are `count` from t = 0 to 1.
inline double saw_tooth(double t, double count) {
  return t * count - std::floor(t * count);
}

}  // namespace mprofpp::leak
