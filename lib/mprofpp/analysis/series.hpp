#pragma once

#include <cstdint>
#include <limits>
#include <optional>

#include "mprofpp/analysis/slope.hpp"
#include "mprofpp/analysis/thinner.hpp"
#include "mprofpp/model/record.hpp"

namespace mprofpp::analysis {

/// One curve: thinned samples, exact extremes and the straight line through all samples. Samples outside a
/// window are not counted, but the nearest one on either side is kept so that the curve reaches the edges of
/// the window. When the clock steps back, a new line starts: what was recorded before and after is drawn
/// one over the other and does not mix.
class Series {
 public:
  explicit Series(const Grid& grid);

  void add(Instant t, double mib);
  /// Adds readings that all have the same value.
  void add(const model::Held& held);
  /// Adds a value that is not a sample: the line passes through it, but it is not counted. Ignored before the
  /// first sample.
  void pass_through(Instant t, double mib);
  /// Interrupts the line: the next sample does not continue it.
  void interrupt();
  /// Makes the columns wider by a whole factor.
  void coarsen(std::int64_t factor = 2);

  bool empty() const { return count_ == 0; }
  std::uint64_t count() const { return count_; }
  std::size_t columns() const;
  /// Returns the seconds of the widest column.
  double column_width() const;
  /// Returns the number of kept samples.
  std::size_t kept() const;
  /// True if every sample is kept, and every other value that the line passes through.
  bool has_all() const;
  /// Returns the mean of the samples. Call only if not empty().
  double mean() const { return sum_ / static_cast<double>(count_); }
  /// Return the highest and the lowest sample, the first of several equal ones. Call only if not empty().
  Point highest() const { return highest_; }
  Point lowest() const { return lowest_; }
  /// Return the times of the earliest and the latest sample, in seconds. Call only if not empty().
  double first() const { return first_; }
  double last() const { return last_; }
  /// Returns the line of the slope: in a window through all samples, else without start and end (SlopeFit).
  /// Returns nothing if the grid wants no trends.
  std::optional<Line> trend() const { return fit_.line(); }
  std::vector<Stroke> strokes(LevelSamples level_samples = LevelSamples::ends) const;

 private:
  bool is_outside(double seconds) const;
  bool keep_outside(Point sample);
  void place(const model::Held& held);
  void go_on_to(double seconds);
  void extend(Point sample);
  bool has_trend() const { return grid_.trends == Grid::Trends::fitted; }
  void step_back(double seconds);

  static constexpr double infinity = std::numeric_limits<double>::infinity();

  Grid grid_;
  std::vector<Thinner> passes_;  // one more each time the clock steps back
  // every sample changes these, so they are next to each other
  Point highest_ = {0, -infinity};
  Point lowest_ = {0, infinity};
  double first_ = infinity;
  double last_ = -infinity;
  double latest_ = -infinity;
  std::uint64_t count_ = 0;
  double sum_ = 0;               // MiB
  bool is_interrupted_ = false;  // since the last counted sample
  SlopeFit fit_;
  std::optional<Point> before_;
  std::optional<Point> after_;
};

}  // namespace mprofpp::analysis
