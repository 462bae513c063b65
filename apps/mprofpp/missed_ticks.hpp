#pragma once

#include <cstdint>
#include <string>

#include "mprofpp/base/instant.hpp"
#include "mprofpp/base/units.hpp"

namespace mprofpp::app {

/// "none missed", "3 missed"
inline std::string missed_text(std::uint64_t missed) {
  return (missed == 0 ? "none" : std::to_string(missed)) + " missed";
}

/// How far apart the ticks were that were kept, on average: " (asked for one every 100 ms, got one every
/// 110 ms)". Empty if rounding hides it, or if none was kept. It follows from the counts of ticks and not
/// from the recording's length: a recording has a sample at its end too.
inline std::string pace_text(Duration interval, std::uint64_t kept, std::uint64_t missed) {
  if (kept == 0) return "";
  const double slower = 1 + static_cast<double>(missed) / static_cast<double>(kept);
  const auto asked = readable(interval);
  const auto got = duration_from_seconds(to_seconds(interval) * slower);
  if (!got || readable(*got) == asked) return "";
  return " (asked for one every " + asked + ", got one every " + readable(*got) + ")";
}

}  // namespace mprofpp::app
