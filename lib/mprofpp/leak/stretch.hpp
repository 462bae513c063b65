#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "mprofpp/leak/reading.hpp"
#include "mprofpp/leak/shape.hpp"
#include "mprofpp/leak/trend.hpp"

namespace mprofpp::leak {

/// A part of a recording and its floors. Steps that do not belong to a regular climb are not in the
/// trend and the slope.
struct Stretch {
  double from = 0;  ///< seconds since the epoch
  double to = 0;
  Readings floors;          ///< as they are, in the middles of their stretches
  std::vector<Step> taken;  ///< the steps that were taken out
  Kendall trend;
  Slope slope;  ///< MiB/s
  Bend bend;
  double kept_mib = 0;           ///< the growth of the kept curve of the floors
  double largest_share = 1;      ///< of the growth, by the largest move
  std::size_t upward_moves = 0;  ///< those that count
  bool falls_short = false;      ///< the last move falls clearly short of the others

  double length() const { return to - from; }
  /// Returns the growth of the line through the floors, in MiB.
  double growth() const { return slope.middle * length(); }
};

/// Looks at the time from `from` to `to` in `count` stretches. Returns nothing if fewer than 5 of them have
/// readings.
std::optional<Stretch> look_at(const Readings& bins, double from, double to, std::size_t count);

}  // namespace mprofpp::leak
