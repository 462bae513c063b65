#pragma once

#include <cstddef>
#include <vector>

#include "mprofpp/chart/figure.hpp"
#include "mprofpp/render/terminal/canvas.hpp"
#include "mprofpp/render/terminal/page.hpp"

namespace mprofpp::render {

/// A position in dots, which are counted from the upper left corner.
struct DotPlace {
  int x = 0;
  int y = 0;
};

/// How a line of several pieces is drawn, and how far it has come.
struct DotPen {
  Style style = {};
  chart::Dash dash = chart::Dash::solid;
  int steps = 0;  ///< dots so far, with those of gaps
};

/// Small dots in cells, drawn as braille or as similar characters of ASCII. A cell has the style of the last
/// dot in it.
class Dots {
 public:
  Dots(int columns, int rows, Letters letters);

  int width() const { return columns_ * per_column_; }
  int height() const { return rows_ * per_row_; }
  int per_column() const { return per_column_; }
  int per_row() const { return per_row_; }

  /// Adds a dot; one that is outside is not drawn.
  void add(DotPlace at, Style style);
  /// Adds a piece of a line. The dashes of the piece before go on.
  void add_line(DotPlace from, DotPlace to, DotPen& pen);

  /// Writes the cells with dots onto the canvas. The colours that fill cells stay behind them.
  void draw(Canvas& canvas, Place origin) const;

 private:
  struct Cell {
    unsigned mask = 0;
    Style style = {};
  };

  std::size_t index_of(int column, int row) const {
    return static_cast<std::size_t>(row) * static_cast<std::size_t>(columns_) +
           static_cast<std::size_t>(column);
  }

  Letters letters_;
  int columns_, rows_;
  int per_column_, per_row_;
  std::vector<Cell> cells_;
};

}  // namespace mprofpp::render
