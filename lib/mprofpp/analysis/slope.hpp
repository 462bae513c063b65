#pragma once

#include <cstdint>
#include <optional>

namespace mprofpp::analysis {

/// A straight line through samples.
struct Line {
  double at_zero = 0;     ///< MiB at second 0
  double per_second = 0;  ///< MiB a second

  double at(double seconds) const { return at_zero + per_second * seconds; }
};

/// Least squares, one sample at a time and in constant memory. Means and sums of deviations are
/// kept (Welford 1962, as extended to covariance by Bennett et al. 2009), so that 20 GiB over days
/// do not drown 6 MiB an hour.
class LeastSquares {
 public:
  void add(double seconds, double mib);
  /// Nothing from fewer than two points in time.
  std::optional<Line> line() const;

 private:
  std::uint64_t count_ = 0;
  double mean_seconds_ = 0;
  double mean_mib_ = 0;
  double spread_ = 0;    // sum of squared deviations in time
  double together_ = 0;  // sum of products of both deviations
};

}  // namespace mprofpp::analysis
