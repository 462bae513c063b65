#pragma once

#include <vector>

#include "mprofpp/leak/reading.hpp"

namespace mprofpp::leak {

/// Returns the median. `values` must not be empty.
double median(std::vector<double> values);

/// How consistently values rise (Mann 1945, Kendall 1975).
struct Kendall {
  double tau = 0;       ///< -1: falls always; 1: rises always
  double z = 0;         ///< in standard deviations of values without a trend
  double variance = 1;  ///< of Kendall's S, with ties; at least 1
};

/// Tests values for a trend after rounding them to pages. At least 2 values.
Kendall kendall(const std::vector<double>& values);

/// A slope and its 95 % interval, in the units of the values.
struct Slope {
  double middle = 0;
  double low = 0;
  double high = 0;
  /// The lower end by order statistics alone, without the noise of the moves.
  double order_low = 0;
};

/// Returns Sen's slope (Sen 1968): the median of the slopes of all pairs. Its interval is the wider one of
/// Sen's order statistics and of the long-run variance of the moves, because memory that is kept by chance is
/// a random walk around its rate. `xs` ascend, at least 3 of them; `variance` is that of kendall().
Slope sen_slope(const std::vector<double>& xs, const std::vector<double>& ys, double variance);

}  // namespace mprofpp::leak
