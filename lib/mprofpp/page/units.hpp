#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace mprofpp::page {

/// Returns a number as an integer. Numbers that are too large for a browser get the largest one that it
/// knows.
inline std::int64_t whole(double number) {
  constexpr double largest = 9e15;  // below 2 to the power of 53
  return std::llround(std::clamp(number, -largest, largest));
}

inline constexpr double micro = 1e-6;
inline constexpr double kib = 1.0 / 1024;

/// Returns seconds as microseconds.
inline std::int64_t microseconds(double seconds) {
  return whole(seconds * 1e6);
}

/// Returns MiB as KiB.
inline std::int64_t kibibytes(double mib) {
  return whole(mib * 1024);
}

}  // namespace mprofpp::page
