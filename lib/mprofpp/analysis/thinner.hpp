#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "mprofpp/analysis/grid.hpp"

namespace mprofpp::analysis {

struct Point {
  double seconds = 0;  ///< since the grid's origin
  double mib = 0;

  friend bool operator==(const Point&, const Point&) = default;
};

/// An uninterrupted line.
using Stroke = std::vector<Point>;

/// Which samples of a horizontal line strokes have. A picture needs only the first and the last of them.
enum class LevelSamples { ends, all };

/// Reduces a series to what a chart shows: the first, lowest, highest and last sample of every column ("M4",
/// Jugel et al., VLDB 2014: a line drawn through these four covers the same pixels as one through all
/// samples). Columns without samples cost nothing, and samples may come in any order. When there are more
/// than `limit` columns, neighbouring columns are joined in pairs.
class Thinner {
 public:
  /// `column_width` in seconds, > 0.
  Thinner(double column_width, std::size_t limit) : width_(column_width), limit_(limit) {}

  /// Adds a sample. A value that is not finite is not drawn; it interrupts the line.
  void add(double seconds, double mib) {
    if (!std::isfinite(mib)) return interrupt();
    // almost every sample falls into the column of the previous one: it needs no division or call
    if (!(seconds >= newest_begin_ && seconds < newest_end_)) return add_elsewhere(seconds, mib);
    columns_.back().add({static_cast<float>(seconds - newest_begin_), static_cast<float>(mib)});
    is_interrupted_ = false;
  }
  /// Adds a value that was read between samples, at any time. It neither bridges an interruption nor ends
  /// one.
  void add_between(double seconds, double mib);
  /// Adds samples of the same value, `step` seconds apart.
  void add_evenly(double first, double last, double step, double mib);
  /// Interrupts the line: the next sample does not continue it.
  void interrupt() { is_interrupted_ = true; }
  /// Makes the columns wider by a whole factor.
  void coarsen(std::int64_t factor = 2);

  std::size_t columns() const { return columns_.size(); }
  double column_width() const { return width_; }
  /// Returns the kept samples in the order of time.
  std::vector<Stroke> strokes(LevelSamples level_samples = LevelSamples::ends) const;
  /// Returns the number of kept samples.
  std::size_t kept() const;
  /// True if every sample that was added is kept.
  bool has_all() const;

 private:
  // offsets count from the start of the column: a float is exact to a ten-millionth of a column
  struct Kept {
    float offset;
    float mib;

    friend bool operator==(const Kept&, const Kept&) = default;
  };
  struct Column {
    std::int64_t index;
    Kept first, low, high, last;
    bool starts_stroke;
    std::uint32_t samples;  // in the column, kept or not

    void add(Kept sample) {
      ++samples;
      if (sample.offset < first.offset) first = sample;
      if (sample.offset >= last.offset) last = sample;
      if (sample.mib < low.mib) low = sample;
      if (sample.mib > high.mib) high = sample;
    }
    void shift(float seconds);
    void join(const Column& right);
    bool has(Kept sample) const;
    std::size_t kept() const;
  };

  void add_elsewhere(double seconds, double mib);
  Column& column_for(std::int64_t index, Kept sample);
  void insert_between(std::vector<Column>::iterator place, Column column);
  void mark_newest();
  void append_points(const Column& column, LevelSamples level_samples, Stroke& stroke) const;

  double width_;
  std::size_t limit_;
  std::vector<Column> columns_;  // ascending by index
  bool is_interrupted_ = true;
  // the time that the last of columns_ covers; empty while there is none
  double newest_begin_ = 0;
  double newest_end_ = 0;
};

}  // namespace mprofpp::analysis
