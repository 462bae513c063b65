#include "mprofpp/render/terminal/canvas.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "mprofpp/base/text.hpp"
#include "mprofpp/base/text_width.hpp"

namespace mprofpp::render {
namespace {

/// A name may have thousands of combining marks after one letter. A cell shows some of them.
constexpr std::size_t most_bytes_in_cell = 24;

/// Returns an ASCII character that is similar.
char similar_ascii(char32_t code) {
  constexpr std::array<std::pair<char32_t, char>, 12> similar = {{{U'·', '-'},
                                                                  {U'…', '~'},
                                                                  {U'−', '-'},
                                                                  {U'–', '-'},
                                                                  {U'—', '-'},
                                                                  {U'←', '<'},
                                                                  {U'→', '>'},
                                                                  {U'↑', '^'},
                                                                  {U'≤', '<'},
                                                                  {U'≥', '>'},
                                                                  {U'≈', '~'},
                                                                  {U'µ', 'u'}}};
  for (const auto& [character, ascii] : similar) {
    if (character == code) return ascii;
  }
  return '?';
}

std::string colour_code(int colour, int base) {
  constexpr int dark_colours = 8;
  constexpr int theme_colours = 16;
  if (colour < dark_colours) return std::to_string(base + colour);
  if (colour < theme_colours) return std::to_string(base + 60 + colour - dark_colours);
  return std::to_string(base + 8) + ";5;" + std::to_string(colour);
}

/// Returns the sequence that sets a style after a reset; empty for that of the terminal.
std::string sequence_of(const Style& style) {
  std::string codes;
  if (style.emphasis == Emphasis::bold) codes += ";1";
  if (style.emphasis == Emphasis::faint) codes += ";2";
  if (style.foreground >= 0) codes += ";" + colour_code(style.foreground, 30);
  if (style.background >= 0) codes += ";" + colour_code(style.background, 40);
  return codes.empty() ? "" : "\033[" + codes.substr(1) + "m";
}

}  // namespace

Canvas::Canvas(int columns, int rows, Letters letters)
    : columns_(columns),
      letters_(letters),
      cells_(static_cast<std::size_t>(rows), std::vector<Cell>(static_cast<std::size_t>(columns))) {
}

bool Canvas::has(Place at) const {
  return at.row >= 0 && at.row < rows() && at.column >= 0 && at.column < columns_;
}

Canvas::Cell& Canvas::cell(Place at) {
  return cells_[static_cast<std::size_t>(at.row)][static_cast<std::size_t>(at.column)];
}

const Canvas::Cell& Canvas::cell(Place at) const {
  return cells_[static_cast<std::size_t>(at.row)][static_cast<std::size_t>(at.column)];
}

bool Canvas::shows(Place at, std::string_view character) const {
  return has(at) && cell(at).text == character;
}

bool Canvas::is_blank(Place at) const {
  return has(at) && !cell(at).is_used;
}

int Canvas::fill(Place at) const {
  if (!has(at)) return -1;
  const auto& [text, style, is_used] = cell(at);
  constexpr std::array<std::string_view, 5> large = {"▄", "▅", "▆", "▇", "█"};
  const bool is_block = std::find(large.begin(), large.end(), text) != large.end();
  return is_block ? style.foreground : style.background;
}

int Canvas::count_used(Place from, int columns) const {
  int used = 0;
  for (int i = 0; i < columns; ++i) used += !is_blank({from.row, from.column + i});
  return used;
}

void Canvas::put(Place at, std::string_view utf8, Style style) {
  while (!utf8.empty() && at.column < columns_) {
    const auto length = utf8_length(utf8);
    const auto character = utf8.substr(0, std::max<std::size_t>(1, length));
    utf8.remove_prefix(character.size());
    const auto code = length == 0 ? U'\uFFFD' : first_code(character);
    const int width = is_control(code) ? 1 : static_cast<int>(character_width(code));
    if (length == 0 || is_control(code)) {
      put_character(at, "?", width, style);
    } else if (letters_ == Letters::ascii && code >= 0x7F) {
      put_character(at, std::string(static_cast<std::size_t>(width), similar_ascii(code)), width,
                    style);
    } else {
      put_character(at, character, width, style);
    }
    at.column += width;
  }
}

void Canvas::put_before(Place end, std::string_view utf8, Style style) {
  put({end.row, end.column - static_cast<int>(text_width(utf8))}, utf8, style);
}

void Canvas::put_character(Place at, std::string_view character, int width, Style style) {
  if (width == 0) {
    const Place before{at.row, at.column - 1};
    if (!has(before) || letters_ == Letters::ascii) return;
    const bool is_second_half = cell(before).text.empty();
    auto& joined = cell({at.row, before.column - (is_second_half && before.column > 0 ? 1 : 0)});
    if (joined.text.size() + character.size() <= most_bytes_in_cell) joined.text += character;
    return;
  }
  const Place last{at.row, at.column + width - 1};
  if (!has(at) || !has(last)) return;
  for (int i = 0; i < width; ++i) clear({at.row, at.column + i});
  if (letters_ == Letters::ascii) {
    for (int i = 0; i < width; ++i) {
      cell({at.row, at.column + i}) = {std::string(1, character[0]), style, true};
    }
    return;
  }
  cell(at) = {std::string(character), style, true};
  if (width == 2) cell(last) = {"", style, true};
}

/// Clears a cell, and the other half of a wide character in it.
void Canvas::clear(Place at) {
  const Place after{at.row, at.column + 1};
  const Place before{at.row, at.column - 1};
  if (cell(at).text.empty() && has(before)) cell(before) = {};
  if (has(after) && cell(after).text.empty()) cell(after) = {};
  cell(at) = {};
}

void Canvas::append_line(std::string& text, const std::vector<Cell>& line) const {
  const auto is_space = [](const Cell& cell) {
    return cell.text == " " && cell.style.background < 0;
  };
  const auto last = std::find_if_not(line.rbegin(), line.rend(), is_space).base();
  Style shown;
  for (auto cell = line.begin(); cell != last; ++cell) {
    const auto& style = is_space(*cell) ? Style{} : cell->style;
    if (style != shown) {
      if (shown != Style{}) text += "\033[0m";
      text += sequence_of(style);
      shown = style;
    }
    text += cell->text;
  }
  if (shown != Style{}) text += "\033[0m";
  text += '\n';
}

std::string Canvas::text() const {
  std::string text;
  for (const auto& line : cells_) append_line(text, line);
  return text;
}

}  // namespace mprofpp::render
