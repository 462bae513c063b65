#pragma once

#include <vector>

#include "mprofpp/leak/reading.hpp"

namespace mprofpp::leak {

/// A step of memory that stays.
struct Step {
  double seconds = 0;  ///< since the epoch: when the memory was there
  double mib = 0;

  friend bool operator==(const Step&, const Step&) = default;
};

/// Values without the moves that do not belong to their regular climb.
struct WithoutSteps {
  std::vector<double> values;
  std::vector<Step> taken;  ///< at most two; their times are indexes into the values
};
WithoutSteps without_steps(std::vector<double> values);

/// How much a curve bends: `x` is the length of the window divided by the time constant of something that
/// fills. 0 is a straight line, below 0 it grows faster and faster.
struct Bend {
  double x = 0;
  double low = 0;        ///< of its interval
  double high = 0;       ///< of its interval
  double deviation = 0;  ///< MiB, of the values from the fitted curve
};

/// Fits a + g (1 - e^-xu) / (1 - e^-x) by least squares. `us` are times as parts of the window, 0 to 1. The
/// interval is that of the profile likelihood, at 95 %.
Bend bend(const std::vector<double>& us, const std::vector<double>& values);

/// Returns true if the last move falls clearly short of those before it.
bool last_move_falls_short(const std::vector<double>& moves);

/// Returns the size such that half of the kept growth of the readings comes in moves of at least that size,
/// in MiB.
double grain(const Readings& readings);

/// How long the kept curve needed for 3 % of its growth, in seconds.
struct Pause {
  double last = 0;     ///< at its end
  double longest = 0;  ///< before
};
/// At least one reading.
Pause pause(const Readings& readings);

/// The clean steps of the kept curve.
struct Steps {
  std::vector<Step> steps;
  double share = 0;  ///< the part of the growth that they are
};
/// `least` is the growth in MiB below which there are no steps.
Steps find_steps(const Readings& readings, double least);

/// The turning points at the bottom of a curve that rises and falls, as under a garbage collector.
struct Valleys {
  std::vector<double> lows;  ///< MiB
  double range = 0;          ///< MiB, from the lowest to the highest reading
};
/// At least one reading.
Valleys valleys(const Readings& readings);

}  // namespace mprofpp::leak
