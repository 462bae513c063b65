#pragma once

#include <optional>

#include "mprofpp/base/instant.hpp"

namespace mprofpp::analysis {

/// A value of a series and its time.
struct TimedValue {
  double mib = 0;
  Instant t;
};

/// Raises `highest` to the value. The first of several equal values stays, and NaN changes nothing.
inline void raise(std::optional<TimedValue>& highest, double mib, Instant t) {
  const bool is_number = mib == mib;
  if (is_number && (!highest || mib > highest->mib)) highest = TimedValue{mib, t};
}

}  // namespace mprofpp::analysis
