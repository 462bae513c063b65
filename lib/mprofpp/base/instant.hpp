#pragma once

#include <chrono>
#include <cmath>
#include <optional>

namespace mprofpp {

/// A length of time and a point in time, both in nanoseconds. An Instant counts from the Unix epoch.
using Duration = std::chrono::nanoseconds;
using Instant = std::chrono::sys_time<Duration>;

constexpr double to_seconds(Duration d) {
  return std::chrono::duration<double>(d).count();
}
constexpr double to_seconds(Instant t) {
  return to_seconds(t.time_since_epoch());
}

/// Converts seconds to a Duration. Returns nothing if the number is not finite or does not fit in
/// 64 bits of nanoseconds (292 years).
inline std::optional<Duration> duration_from_seconds(double seconds) {
  constexpr double limit = 9.2e9;
  if (!(std::abs(seconds) < limit)) return std::nullopt;
  // an epoch time times 1e9 needs more digits than a double has; its fraction times 1e9 does not
  const double whole = std::trunc(seconds);
  return std::chrono::seconds(static_cast<std::int64_t>(whole)) +
         Duration(static_cast<std::int64_t>(std::nearbyint((seconds - whole) * 1e9)));
}

/// Instants that are read are at most this far from 1970 (146 years), so that the time between any
/// two of them fits in a Duration.
inline constexpr Duration farthest_from_epoch = Duration::max() / 2;

inline std::optional<Instant> instant_at(Duration since_epoch) {
  const bool near = since_epoch <= farthest_from_epoch && since_epoch >= -farthest_from_epoch;
  return near ? std::optional(Instant(since_epoch)) : std::nullopt;
}

inline std::optional<Instant> instant_from_seconds(double seconds) {
  const auto since_epoch = duration_from_seconds(seconds);
  return since_epoch ? instant_at(*since_epoch) : std::nullopt;
}

}  // namespace mprofpp
