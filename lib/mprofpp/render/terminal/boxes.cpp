#include "mprofpp/render/terminal/boxes.hpp"

#include <algorithm>
#include <map>
#include <string>

namespace mprofpp::render {
namespace {

using chart::Box;

/// Neighbouring columns with one box, or with narrow ones of the same function.
struct Piece {
  const Box* box = nullptr;
  bool is_narrow = false;
  int first = 0;  ///< column of the canvas
  int columns = 0;
};

/// The columns of a row, each with the box that it shows.
class RowOfBoxes {
 public:
  RowOfBoxes(const Frame& frame, const std::vector<const Box*>& boxes)
      : frame_(frame), cells_(static_cast<std::size_t>(frame.columns)) {
    // a merged box includes the time between its calls, in which there may be others
    for (const auto* box : boxes) {
      if (box->is_merged) add_wide(*box);
    }
    for (const auto* box : boxes) {
      if (!box->is_merged) add_wide(*box);
    }
    for (const auto* box : boxes) add_narrow(*box);
  }

  std::vector<Piece> pieces() const {
    std::vector<Piece> pieces;
    for (int i = 0; i < frame_.columns; ++i) {
      const auto& cell = cells_[static_cast<std::size_t>(i)];
      if (cell.box == nullptr) continue;
      const int column = frame_.corner.column + i;
      const bool goes_on = !pieces.empty() && belongs_to(cell, pieces.back(), column);
      if (!goes_on) pieces.push_back({cell.box, cell.is_narrow, column, 0});
      ++pieces.back().columns;
    }
    return pieces;
  }

  const Box& box_at(int column) const {
    return *cells_[static_cast<std::size_t>(column - frame_.corner.column)].box;
  }

 private:
  struct Cell {
    const Box* box = nullptr;
    bool is_narrow = false;
  };

  static bool belongs_to(const Cell& cell, const Piece& piece, int column) {
    if (column != piece.first + piece.columns || cell.is_narrow != piece.is_narrow) return false;
    return cell.is_narrow ? cell.box->legend_row == piece.box->legend_row : cell.box == piece.box;
  }

  int first_of(const Box& box) const {
    return frame_.column_of(std::max(box.begin, frame_.time.low)) - frame_.corner.column;
  }
  int columns_of(const Box& box) const {
    const int last = frame_.column_of(std::min(box.end, frame_.time.high)) - frame_.corner.column;
    return std::max(1, last - first_of(box));
  }
  bool is_shown(const Box& box) const {
    return box.end >= frame_.time.low && box.begin <= frame_.time.high;
  }

  void add_wide(const Box& box) {
    if (!is_shown(box) || columns_of(box) < 2) return;
    const auto first = cells_.begin() + first_of(box);
    std::fill(first, first + columns_of(box), Cell{&box, false});
  }

  void add_narrow(const Box& box) {
    if (!is_shown(box) || columns_of(box) > 1) return;
    auto& cell = cells_[static_cast<std::size_t>(first_of(box))];
    const bool is_free = cell.box == nullptr;
    const bool is_longer = !is_free && box.end - box.begin > cell.box->end - cell.box->begin;
    if (is_free || (cell.is_narrow && is_longer)) cell = {&box, true};
  }

  const Frame& frame_;
  std::vector<Cell> cells_;
};

Style style_of(const TerminalPage& page, const Box& box) {
  const auto& flame = *page.figure.flame;
  if (flame.colour != chart::BoxColour::growth) return page.ink.on(box.hue);
  return page.ink.on_growth(flame.growth_scale > 0 ? box.growth / flame.growth_scale : 0);
}

/// Returns the name of a box, as far as it has room; without colours, else the letter of its function.
std::string name_in(const TerminalPage& page, const Box& box, int columns) {
  constexpr int least = 3;
  if (columns >= std::min(least, columns_of(box.name))) return fitted_text(box.name, columns);
  const bool has_letter = !page.ink.has_colours() && columns > 0 && box.legend_row;
  return has_letter ? std::string(1, letter_of_function(*box.legend_row)) : "";
}

/// Returns a box of letters, for a terminal without colours.
std::string box_of_letters(const TerminalPage& page, const Piece& piece, bool is_named) {
  const int room = std::max(piece.columns - 2, 1);
  const auto name = is_named ? name_in(page, *piece.box, room) : "";
  std::string text = "[" + name;
  for (int i = columns_of(text); i < piece.columns - 1; ++i) text += page.letter("─", "-");
  return columns_of(text) < piece.columns ? text + "]" : text;
}

void draw_wide(const TerminalPage& page, const Piece& piece, int row, bool is_named) {
  const Place at{row, piece.first};
  if (!page.ink.has_colours())
    return page.canvas.put(at, box_of_letters(page, piece, is_named), {});
  const auto style = style_of(page, *piece.box);
  page.canvas.put(at, std::string(static_cast<std::size_t>(piece.columns - 1), ' '), style);
  if (is_named && piece.columns > 3) {
    page.canvas.put({row, piece.first + 1}, name_in(page, *piece.box, piece.columns - 2), style);
  }
  page.canvas.put({row, piece.first + piece.columns - 1}, page.letter("▌", "|"),
                  {.foreground = style.background});
}

/// Returns the name of a function in the legend; empty if it has no row.
std::string function_name(const chart::Figure& figure, const Box& box) {
  if (!box.legend_row || figure.legend.empty()) return {};
  const auto& rows = figure.legend.back().rows;
  return *box.legend_row < rows.size() ? rows[*box.legend_row].name : std::string();
}

/// Draws a bar in each column, and the name of the function between bars if there is room.
void draw_narrow(const TerminalPage& page, const RowOfBoxes& boxes, const Piece& piece, int row,
                 bool is_named) {
  for (int column = piece.first; column < piece.first + piece.columns; ++column) {
    const auto& box = boxes.box_at(column);
    const bool has_letter = !page.ink.has_colours() && box.legend_row;
    const auto text = has_letter ? std::string(1, letter_of_function(*box.legend_row))
                                 : std::string(page.letter("▌", "|"));
    page.canvas.put({row, column}, text, {.foreground = style_of(page, box).background});
  }
  constexpr int bars_at_start = 2;
  const auto name = " " + function_name(page.figure, *piece.box) + " ";
  if (!page.ink.has_colours() || !is_named || columns_of(name) == 2) return;
  if (columns_of(name) + 2 * bars_at_start > piece.columns) return;
  page.canvas.put({row, piece.first + bars_at_start}, name,
                  {.foreground = style_of(page, *piece.box).background});
}

/// Returns for each box, and for the narrow ones of each function, its longest piece, which has the name.
std::vector<bool> named_pieces(const std::vector<Piece>& pieces) {
  std::map<std::pair<const Box*, std::optional<std::size_t>>, std::size_t> longest;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const auto& piece = pieces[i];
    const auto key = piece.is_narrow
                         ? std::pair(static_cast<const Box*>(nullptr), piece.box->legend_row)
                         : std::pair(piece.box, std::optional<std::size_t>());
    const auto [found, is_new] = longest.emplace(key, i);
    if (!is_new && piece.columns > pieces[found->second].columns) found->second = i;
  }
  std::vector<bool> are_named(pieces.size());
  for (const auto& [key, index] : longest) are_named[index] = true;
  return are_named;
}

}  // namespace

void draw_boxes(const TerminalPage& page, const Frame& frame, const std::vector<const Box*>& boxes,
                int row) {
  const RowOfBoxes cells(frame, boxes);
  const auto pieces = cells.pieces();
  const auto are_named = named_pieces(pieces);
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (pieces[i].is_narrow)
      draw_narrow(page, cells, pieces[i], row, are_named[i]);
    else
      draw_wide(page, pieces[i], row, are_named[i]);
  }
}

char letter_of_function(std::size_t row) {
  return static_cast<char>('A' + row % 26);
}

}  // namespace mprofpp::render
