#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mprofpp/render/terminal/terminal.hpp"

namespace mprofpp::render {

enum class Emphasis { normal, bold, faint };

/// The colours of a cell, as numbers of the table of 256 colours.
struct Style {
  int foreground = -1;  ///< -1 is that of the terminal
  int background = -1;
  Emphasis emphasis = Emphasis::normal;

  friend bool operator==(const Style&, const Style&) = default;
};

struct Place {
  int row = 0;
  int column = 0;
};

/// Cells of text. What is outside of them is not written.
class Canvas {
 public:
  Canvas(int columns, int rows, Letters letters);

  int columns() const { return columns_; }
  int rows() const { return static_cast<int>(cells_.size()); }
  Letters letters() const { return letters_; }

  /// Writes text. With Letters::ascii, each other character becomes a similar one or a question mark. Control
  /// characters are question marks.
  void put(Place at, std::string_view utf8, Style style);
  /// Writes the text so that it ends before that column.
  void put_before(Place end, std::string_view utf8, Style style);

  bool is_blank(Place at) const;
  /// Returns true if the cell has that character.
  bool shows(Place at, std::string_view character) const;
  /// Returns the colour that fills at least half of the cell: that of a block, or behind it; -1 if there is
  /// none.
  int fill(Place at) const;
  /// Returns how many of the cells from there on have text or are outside.
  int count_used(Place from, int columns) const;

  /// Returns the lines. Each ends with the colours of the terminal, and without spaces.
  std::string text() const;

 private:
  /// A character with the marks that join it. The second cell of a wide character has no text.
  struct Cell {
    std::string text = " ";
    Style style = {};
    bool is_used = false;  ///< also by a space
  };

  bool has(Place at) const;
  Cell& cell(Place at);
  const Cell& cell(Place at) const;
  void put_character(Place at, std::string_view character, int width, Style style);
  void clear(Place at);
  void append_line(std::string& text, const std::vector<Cell>& line) const;

  int columns_;
  Letters letters_;
  std::vector<std::vector<Cell>> cells_;
};

}  // namespace mprofpp::render
