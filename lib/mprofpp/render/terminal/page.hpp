#pragma once

#include <string>
#include <string_view>

#include "mprofpp/chart/figure.hpp"
#include "mprofpp/render/terminal/canvas.hpp"
#include "mprofpp/render/terminal/ink.hpp"
#include "mprofpp/render/terminal/terminal.hpp"
#include "mprofpp/render/text.hpp"

namespace mprofpp::render {

/// A canvas and what is drawn on it.
struct TerminalPage {
  const chart::Figure& figure;
  const TerminalLook& look;
  Ink ink;
  Canvas& canvas;

  /// Returns one character or the other.
  std::string_view letter(std::string_view unicode, std::string_view ascii) const {
    return look.letters == Letters::ascii ? ascii : unicode;
  }
};

/// The cells in which curves are drawn, and the ranges that they show.
struct Frame {
  Place corner;  ///< upper left
  int columns = 0;
  int rows = 0;
  chart::Range time;
  chart::Range memory;
  Letters letters = Letters::unicode;

  int right() const { return corner.column + columns; }
  int bottom() const { return corner.row + rows; }
  /// Returns the column of a moment in the range, counted from the left side of the canvas.
  int column_of(double seconds) const;
  /// Returns the row of a value in the range, counted from the top of the canvas.
  int row_of(double mib) const;
};

/// The dots that a cell has, next to each other and below each other.
struct DotsOfCell {
  int columns = 2;
  int rows = 4;
};
DotsOfCell dots_of_cell(Letters letters);

/// Returns the one of `count` equal places that has the value. If the range has no length, it is the middle.
int place_in(chart::Range range, double value, int count);

/// Measures text in columns of a terminal.
class ColumnMeasure : public TextMeasure {
 public:
  double width(std::string_view text, double size, TextWeight weight) const override;
};

/// Return as much of a text or a name as fits into so many columns, with an ellipsis for the rest.
std::string fitted_text(std::string_view text, int columns);
std::string fitted_columns(const Name& name, int columns);

int columns_of(std::string_view text);

}  // namespace mprofpp::render
