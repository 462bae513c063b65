#include "mprofpp/analysis/slope.hpp"

#include <algorithm>
#include <cmath>

namespace mprofpp::analysis {

std::optional<Line> LeastSquares::line() const {
  const auto n = static_cast<double>(count_);
  const double spread = squares_ - seconds_ * seconds_ / std::max(n, 1.0);
  if (count_ < 2 || !(spread > 0)) return std::nullopt;
  Line line;
  line.per_second = (products_ - seconds_ * mib_ / n) / spread;
  const double mean_seconds = first_seconds_ + seconds_ / n;
  line.at_zero = first_mib_ + mib_ / n - line.per_second * mean_seconds;
  return line;
}

}  // namespace mprofpp::analysis
