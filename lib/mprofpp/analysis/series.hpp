#pragma once

#include <cstdint>
#include <optional>

#include "mprofpp/analysis/slope.hpp"
#include "mprofpp/analysis/thinner.hpp"

namespace mprofpp::analysis {

/// One curve: thinned samples, exact extremes and the straight line through all of them. Samples
/// outside a window count for nothing, but the nearest on either side is kept, so that the curve
/// reaches the window's edges.
class Series {
 public:
  Series(const Grid& grid, std::size_t limit);

  void add(Instant t, double mib);
  void lift() { thinner_.lift(); }
  void coarsen() { thinner_.coarsen(); }

  bool empty() const { return count_ == 0; }
  std::uint64_t count() const { return count_; }
  std::size_t columns() const { return thinner_.columns(); }
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
  bool keep_outside(Point sample);

  Grid grid_;
  Thinner thinner_;
  LeastSquares fit_;
  std::optional<Point> before_;
  std::optional<Point> after_;
  Point highest_;
  Point lowest_;
  double first_ = 0;
  double last_ = 0;
  std::uint64_t count_ = 0;
};

}  // namespace mprofpp::analysis
