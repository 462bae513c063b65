#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

namespace mprofpp::analysis {

/// A straight line through samples.
struct Line {
  double at_zero = 0;     ///< MiB at second 0
  double per_second = 0;  ///< MiB a second
  double first = 0;       ///< second from which on it is fitted to samples
  double last = 0;        ///< second up to which it is

  double at(double seconds) const { return at_zero + per_second * seconds; }
};

/// Fits a line by least squares, one sample at a time and in constant memory. It sums the distances from the
/// first sample, so that 6 MiB an hour do not drown in seconds since 1970 and 20 GiB, and a sample costs no
/// division.
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
  /// Adds `count` samples of the same memory, spread evenly from `first` to `last` seconds.
  void add_evenly(double first, double last, std::uint64_t count, double mib);
  /// Returns the fit to the samples that were added after `earlier`, a copy of this fit, was made.
  LeastSquares since(const LeastSquares& earlier) const;
  std::uint64_t count() const { return count_; }
  /// Returns nothing if the samples have fewer than two points in time. Sets no first and last.
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

/// The samples that a slope is about.
enum class SlopeOf {
  all,    ///< of a window, which somebody chose
  middle  ///< without start and end: without the first and the last tenth of the time
};

/// Fits the line of a slope, one sample at a time and in constant memory. A program that starts and stops
/// would otherwise have a slope that is mostly start and end. Of fewer than ten samples it uses all. It
/// finds the tenths to about three percent of the samples.
class SlopeFit {
 public:
  explicit SlopeFit(SlopeOf part) : part_(part) {}

  void add(double seconds, double mib) {
    if (!std::isfinite(mib)) return;
    fit_.add(seconds, mib);
    go_on_to(seconds);
    if (fit_.count() == next_) keep(seconds);
  }
  /// Adds `count` samples of the same memory, spread evenly from `first` to `last` seconds.
  void add_evenly(double first, double last, std::uint64_t count, double mib);
  /// Returns nothing if the samples have fewer than two points in time.
  std::optional<Line> line() const;

 private:
  /// The fit as it was at a time.
  struct State {
    double seconds = 0;
    LeastSquares fit;
  };

  void go_on_to(double seconds) {
    first_ = std::fmin(first_, seconds);
    last_ = std::fmax(last_, seconds);
  }
  void keep(double seconds);
  std::optional<Line> line_of_middle() const;

  SlopeOf part_;
  LeastSquares fit_;
  double first_ = std::numeric_limits<double>::infinity();
  double last_ = -std::numeric_limits<double>::infinity();
  std::vector<State> states_;  // after every step_-th sample
  std::uint64_t step_ = 1;
  std::uint64_t next_ = 1;  // the sample after which a state is kept
};

}  // namespace mprofpp::analysis
