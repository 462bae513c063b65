#pragma once

#include <cstddef>
#include <vector>

#include "mprofpp/leak/reading.hpp"

namespace mprofpp::leak {

/// Reduces readings to the least one of each of 960 bins of equal time, at its own time. Bins without
/// readings are left out. The readings must not be empty.
Readings least_of_bins(const Readings& readings);

/// Returns the least memory in each of `count` stretches of equal time from `from` until before `to` (seconds
/// since the epoch), at the middle of the stretch. Stretches without readings are left out.
Readings floors(const Readings& bins, double from, double to, std::size_t count);

/// The same, with the readings at their own times.
Readings least_of_stretches(const Readings& bins, double from, double to, std::size_t count);

/// Returns the part of `bins` from `from` to `to`, both included.
Readings between(const Readings& bins, double from, double to);

/// Returns the memory of the readings, in MiB.
std::vector<double> amounts(const Readings& readings);

/// Returns the kept curve: for each value, the least of it and all later ones. It never falls. Peaks, saw
/// teeth and memory that was given back are not in it.
std::vector<double> kept(std::vector<double> values);

/// Returns the moves from each value to the next one.
std::vector<double> moves(const std::vector<double>& values);

}  // namespace mprofpp::leak
