#pragma once

#include <cstdint>
#include <string>

#include "mprofpp/base/instant.hpp"
#include "mprofpp/base/units.hpp"

namespace mprofpp::app {

/// Returns "none missed" or the number: "3 missed".
inline std::string missed_text(std::uint64_t missed) {
  return (missed == 0 ? "none" : std::to_string(missed)) + " missed";
}

/// Returns the average distance of the ticks that were on time: " (asked for one every 100 ms, got one
/// every 110 ms)". Empty if there were none, or if rounding hides the difference. The distance is computed
/// from the counts of ticks and not from the recording's length, because a recording also has a sample at
/// its end.
inline std::string pace_text(Duration interval, std::uint64_t kept, std::uint64_t missed) {
  if (kept == 0) return "";
  const double slower = 1 + static_cast<double>(missed) / static_cast<double>(kept);
  const auto asked = readable(interval);
  const auto got = duration_from_seconds(to_seconds(interval) * slower);
  if (!got || readable(*got) == asked) return "";
  return " (asked for one every " + asked + ", got one every " + readable(*got) + ")";
}

}  // namespace mprofpp::app
