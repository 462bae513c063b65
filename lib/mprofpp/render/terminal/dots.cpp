#include "mprofpp/render/terminal/dots.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <string>
#include <string_view>

#include "mprofpp/render/terminal/ink.hpp"

namespace mprofpp::render {
namespace {

/// Returns the character U+2800 + mask in UTF-8.
std::string braille(unsigned mask) {
  std::string text = "\u2800";
  text[1] = static_cast<char>(0xA0U | (mask >> 6U));
  text[2] = static_cast<char>(0x80U | (mask & 0x3FU));
  return text;
}

/// Returns the bit of a dot. Braille has three rows of two dots, and the fourth row came later.
unsigned bit_of(int x, int y, Letters letters) {
  if (letters == Letters::ascii) return 1U << static_cast<unsigned>(y);
  constexpr std::array<std::array<unsigned, 2>, 4> bits = {
      {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}}};
  return bits[static_cast<std::size_t>(y)][static_cast<std::size_t>(x)];
}

}  // namespace

Dots::Dots(int columns, int rows, Letters letters)
    : letters_(letters),
      columns_(columns),
      rows_(rows),
      per_column_(dots_of_cell(letters).columns),
      per_row_(dots_of_cell(letters).rows),
      cells_(static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows)) {}

void Dots::add(DotPlace at, Style style) {
  if (at.x < 0 || at.y < 0 || at.x >= width() || at.y >= height()) return;
  auto& cell = cells_[index_of(at.x / per_column_, at.y / per_row_)];
  cell.mask |= bit_of(at.x % per_column_, at.y % per_row_, letters_);
  cell.style = style;
}

void Dots::add_line(DotPlace from, DotPlace to, DotPen& pen) {
  constexpr int dash = 4;
  constexpr int dash_and_gap = 6;
  const int steps = std::max(std::abs(to.x - from.x), std::abs(to.y - from.y));
  for (int i = 0; i <= steps; ++i) {
    const double share = steps == 0 ? 0 : static_cast<double>(i) / steps;
    const DotPlace at{static_cast<int>(std::lround(from.x + share * (to.x - from.x))),
                      static_cast<int>(std::lround(from.y + share * (to.y - from.y)))};
    const bool is_gap = pen.dash == chart::Dash::dashed && (pen.steps + i) % dash_and_gap >= dash;
    if (!is_gap) add(at, pen.style);
  }
  pen.steps += steps;
}

void Dots::draw(Canvas& canvas, Place origin) const {
  constexpr std::string_view ascii = " '-'.:.|";
  for (int row = 0; row < rows_; ++row) {
    for (int column = 0; column < columns_; ++column) {
      const auto& cell = cells_[index_of(column, row)];
      if (cell.mask == 0) continue;
      const auto text =
          letters_ == Letters::ascii ? std::string(1, ascii[cell.mask]) : braille(cell.mask);
      const Place at{origin.row + row, origin.column + column};
      auto style = cell.style;
      style.background = canvas.fill(at);  // of an area below the line
      const bool needs_contrast = style.background >= 0 && style.foreground < 0;
      if (needs_contrast) style.foreground = readable_on(style.background);
      canvas.put(at, text, style);
    }
  }
}

}  // namespace mprofpp::render
