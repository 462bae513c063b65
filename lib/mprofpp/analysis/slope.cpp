#include "mprofpp/analysis/slope.hpp"

#include <cmath>

namespace mprofpp::analysis {

void LeastSquares::add(double seconds, double mib) {
  if (!std::isfinite(mib)) return;
  ++count_;
  const auto n = static_cast<double>(count_);
  const double away = seconds - mean_seconds_;
  mean_seconds_ += away / n;
  mean_mib_ += (mib - mean_mib_) / n;
  spread_ += away * (seconds - mean_seconds_);
  together_ += away * (mib - mean_mib_);
}

std::optional<Line> LeastSquares::line() const {
  if (count_ < 2 || !(spread_ > 0)) return std::nullopt;
  Line line;
  line.per_second = together_ / spread_;
  line.at_zero = mean_mib_ - line.per_second * mean_seconds_;
  return line;
}

}  // namespace mprofpp::analysis
