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

/// A line drawn without lifting the pen.
using Stroke = std::vector<Point>;

/// Keeps of a series what a chart of that many columns shows: the first, lowest, highest and last
/// sample of every column ("M4", Jugel et al., VLDB 2014: a line drawn through these four covers
/// the same pixels as one through all samples). Columns without samples cost nothing; samples may
/// come in any order and lie outside the range. Past `limit` columns, neighbours are joined two by
/// two.
class Thinner {
 public:
  /// `column_width` in seconds, > 0.
  Thinner(double column_width, std::size_t limit) : width_(column_width), limit_(limit) {}

  /// Values that are not finite are not drawn: they lift the pen.
  void add(double seconds, double mib) {
    if (!std::isfinite(mib)) return lift();
    // nearly every sample falls into the column of the one before: no division and no call for it
    if (!(seconds >= newest_begin_ && seconds < newest_end_)) return add_elsewhere(seconds, mib);
    columns_.back().add({static_cast<float>(seconds - newest_begin_), static_cast<float>(mib)});
    pen_is_up_ = false;
  }
  /// The next sample does not continue the line.
  void lift() { pen_is_up_ = true; }
  /// Halves the resolution.
  void coarsen();

  std::size_t columns() const { return columns_.size(); }
  double column_width() const { return width_; }
  /// The kept samples in the order of time.
  std::vector<Stroke> strokes() const;

 private:
  // offsets are relative to the column's begin: a float holds them to a ten-millionth of a column
  struct Kept {
    float offset;
    float mib;
  };
  struct Column {
    std::int64_t index;
    Kept first, low, high, last;
    bool starts_stroke;

    void add(Kept sample) {
      if (sample.offset < first.offset) first = sample;
      if (sample.offset >= last.offset) last = sample;
      if (sample.mib < low.mib) low = sample;
      if (sample.mib > high.mib) high = sample;
    }
    void join(Column right, float shift);
  };

  void add_elsewhere(double seconds, double mib);
  Column& column_for(std::int64_t index, Kept sample);
  void mark_newest();
  void append_points(const Column& column, Stroke& stroke) const;

  double width_;
  std::size_t limit_;
  std::vector<Column> columns_;  // ascending by index
  bool pen_is_up_ = true;
  // the time the last of columns_ covers; nothing while there is none
  double newest_begin_ = 0;
  double newest_end_ = 0;
};

}  // namespace mprofpp::analysis
