#pragma once

#include <cstdint>
#include <limits>
#include <optional>

#include "mprofpp/analysis/slope.hpp"
#include "mprofpp/analysis/thinner.hpp"

namespace mprofpp::analysis {

/// One curve: thinned samples, exact extremes and the straight line through all of them. Samples
/// outside a window count for nothing, but the nearest on either side is kept, so that the curve
/// reaches the window's edges. Where the clock steps back, the line begins anew, so that what was
/// recorded before and after lie over one another and do not mingle.
class Series {
 public:
  Series(const Grid& grid, std::size_t limit);

  void add(Instant t, double mib);
  /// A value that is known without being a sample: the line passes through it, nothing counts it.
  /// Not before the first sample.
  void pass_through(Instant t, double mib);
  /// The next sample does not continue the line.
  void lift();
  void coarsen();

  bool empty() const { return count_ == 0; }
  std::uint64_t count() const { return count_; }
  std::size_t columns() const;
  /// The highest and the lowest sample, the first of them if there are several. Only if not
  /// empty().
  Point highest() const { return highest_; }
  Point lowest() const { return lowest_; }
  /// When it begins and ends, in seconds; only if not empty().
  double first() const { return first_; }
  double last() const { return last_; }
  std::optional<Line> trend() const { return fit_.line(); }
  std::vector<Stroke> strokes() const;

 private:
  bool is_outside(double seconds) const;
  bool keep_outside(Point sample);
  void step_back(double seconds);

  Grid grid_;
  std::size_t limit_;
  std::vector<Thinner> passes_;  // one more each time the clock steps back
  LeastSquares fit_;
  std::optional<Point> before_;
  std::optional<Point> after_;
  Point highest_;
  Point lowest_;
  double first_ = 0;
  double last_ = 0;
  double latest_ = -std::numeric_limits<double>::infinity();
  std::uint64_t count_ = 0;
  bool is_lifted_ = false;  // since the last sample that counts
};

}  // namespace mprofpp::analysis
