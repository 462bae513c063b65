#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <vector>

namespace mprofpp::analysis {

/// Knows when each row of a lane is free again, and places calls on free rows. Calls must come in the order
/// in which they begin, longer ones first.
class FreeRows {
 public:
  /// Returns the first free row from `row` on. Times are in seconds.
  int place(double begin, double end, int row) {
    // times have four decimals, so a call may seem to start just before its neighbour ends
    constexpr double rounding = 1e-4;
    constexpr int most_rows = 10'000;  // the level of a damaged file can be any number
    auto place = static_cast<std::size_t>(std::clamp(row, 0, most_rows));
    while (place < free_at_.size() && free_at_[place] > begin + rounding) ++place;
    if (place >= free_at_.size()) {
      free_at_.resize(place + 1, -std::numeric_limits<double>::infinity());
    }
    free_at_[place] = end;
    return static_cast<int>(place);
  }

 private:
  std::vector<double> free_at_;
};

}  // namespace mprofpp::analysis
