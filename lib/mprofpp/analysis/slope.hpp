#pragma once

#include <cmath>
#include <cstdint>
#include <optional>

namespace mprofpp::analysis {

/// A straight line through samples.
struct Line {
  double at_zero = 0;     ///< MiB at second 0
  double per_second = 0;  ///< MiB a second

  double at(double seconds) const { return at_zero + per_second * seconds; }
};

/// Least squares, one sample at a time and in constant memory. The sums are of distances from the
/// first sample, so that seconds since 1970 and 20 GiB do not drown 6 MiB an hour, and a sample
/// costs no division.
class LeastSquares {
 public:
  void add(double seconds, double mib) {
    if (!std::isfinite(mib)) return;
    if (count_++ == 0) {
      first_seconds_ = seconds;
      first_mib_ = mib;
      return;
    }
    const double x = seconds - first_seconds_;
    const double y = mib - first_mib_;
    seconds_ += x;
    mib_ += y;
    squares_ += x * x;
    products_ += x * y;
  }
  /// Nothing from fewer than two points in time.
  std::optional<Line> line() const;

 private:
  std::uint64_t count_ = 0;
  double first_seconds_ = 0;
  double first_mib_ = 0;
  // sums of the distances and of their products
  double seconds_ = 0;
  double mib_ = 0;
  double squares_ = 0;
  double products_ = 0;
};

}  // namespace mprofpp::analysis
