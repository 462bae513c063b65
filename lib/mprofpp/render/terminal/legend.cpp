#include "mprofpp/render/terminal/legend.hpp"

#include <algorithm>
#include <set>

#include "mprofpp/render/terminal/boxes.hpp"
#include "mprofpp/render/terminal/curves.hpp"

namespace mprofpp::render {
namespace {

using chart::LegendRow;
using chart::Symbol;

constexpr int symbol_columns = 3;
constexpr int most_name_columns = 40;
constexpr int gap_of_items = 2;

std::string line_symbol(const LegendRow& row, Letters letters) {
  const bool is_ascii = letters == Letters::ascii;
  if (row.weight == chart::Weight::fine) return is_ascii ? ".." : "┈┈";
  if (row.dash == chart::Dash::dashed) return is_ascii ? "- " : "╌╌";
  if (row.weight == chart::Weight::heavy) return is_ascii ? "==" : "━━";
  return is_ascii ? "--" : "──";
}

std::string area_symbol(const chart::Figure& figure, std::size_t number, const TerminalLook& look) {
  if (!has_layers(figure)) return look.letters == Letters::ascii ? ":" : "░";
  if (has_blocks(look)) return "█";
  return tag_of(number) + std::string(fill_of(number, look.letters));
}

std::string symbol_of(const chart::Figure& figure, const LegendRow& row, std::size_t number,
                      const TerminalLook& look) {
  switch (row.symbol) {
    case Symbol::area:
      return area_symbol(figure, number, look);
    case Symbol::box:
    case Symbol::bracket:
      return look.letters == Letters::ascii ? "#" : "■";
    case Symbol::none:
      return "";
    case Symbol::line:
      break;
  }
  const bool is_tagged = look.colours == TerminalColours::none && row.weight != chart::Weight::fine;
  return is_tagged ? std::string(1, tag_of(number)) : line_symbol(row, look.letters);
}

std::string value_of(const LegendRow& row) {
  std::string value;
  for (const auto& cell : row.cells) {
    if (cell.empty() || cell == "-") continue;
    value += (value.empty() ? "" : "  ") + cell;
  }
  return value;
}

Name name_of_row(const LegendRow& row) {
  return {row.name, row.title, row.distinguishing_part};
}

/// Returns the columns of the widest item. Long names are cut so that two items fit next to each other.
int item_columns(const std::vector<LegendItem>& items, int columns) {
  constexpr int least_for_two = 60;
  const int most =
      columns < least_for_two || items.size() == 1 ? columns : (columns - gap_of_items) / 2;
  int widest = 0;
  for (const auto& item : items) {
    const int name = std::min(columns_of(item.row->name), most_name_columns);
    widest = std::max(widest, symbol_columns + name + gap_of_items + columns_of(item.value));
  }
  return std::min(widest, most);
}

int items_per_row(const std::vector<LegendItem>& items, int columns) {
  return std::max(1, (columns + gap_of_items) / (item_columns(items, columns) + gap_of_items));
}

void draw_item(const TerminalPage& page, const LegendItem& item, Place at, int columns) {
  page.canvas.put(at, item.symbol, item.style);
  const int value = columns_of(item.value);
  const int room = columns - symbol_columns - (value > 0 ? value + gap_of_items : 0);
  constexpr int least_name = 4;
  const bool has_both = room >= least_name;
  const bool is_total = item.row->weight == chart::Weight::heavy;
  const int columns_of_name = has_both ? room : columns - symbol_columns;
  // of "total (3 processes)", the start says more than the end
  const bool has_number = item.row->name.starts_with("total (");
  const auto name = has_number ? fitted_text(item.row->name, columns_of_name)
                               : fitted_columns(name_of_row(*item.row), columns_of_name);
  page.canvas.put({at.row, at.column + symbol_columns}, name, is_total ? page.ink.bold() : Style{});
  if (has_both) {
    page.canvas.put_before({at.row, at.column + columns}, item.value, page.ink.muted());
  }
}

/// Returns the rows of functions with a call that may be too narrow for its name, however the columns are
/// shared.
std::set<std::size_t> rows_with_letters(const chart::Figure& figure, const TerminalLook& look) {
  constexpr double least_share_of_plot = 0.5;
  constexpr double columns_of_names = 5;  // three letters and the edges of a box
  const double columns = look.columns * least_share_of_plot;
  const double wide = figure.time.length() * columns_of_names / columns;
  std::set<std::size_t> rows;
  for (const auto& panel : figure.flame->panels) {
    for (const auto& track : panel.tracks) {
      for (const auto& box : track.boxes) {
        if (box.legend_row && box.end - box.begin < wide) rows.insert(*box.legend_row);
      }
    }
  }
  return rows;
}

/// Adds the functions of boxes, if their colours or letters need an explanation.
void add_functions(std::vector<LegendItem>& items, const chart::Figure& figure,
                   const TerminalLook& look) {
  if (!figure.flame || figure.legend.size() < 2) return;
  const bool has_letters = look.colours == TerminalColours::none;
  if (!has_letters && figure.flame->colour != chart::BoxColour::function) return;
  const Ink ink(look.colours);
  const auto& rows = figure.legend.back().rows;
  const auto lettered = has_letters ? rows_with_letters(figure, look) : std::set<std::size_t>();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (has_letters && !lettered.contains(i)) continue;
    const auto& row = rows[i];
    const auto symbol =
        has_letters ? std::string(1, letter_of_function(i)) : symbol_of(figure, row, i, look);
    constexpr std::size_t added = 2;
    items.push_back({symbol, ink.of(row.hue), &row,
                     row.cells.size() > added ? row.cells[added] : value_of(row)});
  }
}

}  // namespace

std::vector<LegendItem> legend_items(const chart::Figure& figure, const TerminalLook& look) {
  if (figure.legend.empty()) return {};
  const Ink ink(look.colours);
  std::vector<LegendItem> items;
  const auto& curves = figure.legend.front().rows;
  for (std::size_t i = 0; i < curves.size(); ++i) {
    const auto& row = curves[i];
    const bool is_block = row.symbol == Symbol::area && has_blocks(look);
    items.push_back({symbol_of(figure, row, i, look),
                     is_block ? ink.block(row.hue) : ink.of(row.hue), &row, value_of(row)});
  }
  add_functions(items, figure, look);
  if (items.size() == 1 && curves.size() == 1) items.clear();
  return items;
}

int legend_columns(const std::vector<LegendItem>& items) {
  return item_columns(items, most_columns);
}

int legend_rows(const std::vector<LegendItem>& items, int columns) {
  const int per_row = items_per_row(items, columns);
  return (static_cast<int>(items.size()) + per_row - 1) / per_row;
}

void draw_legend(const TerminalPage& page, const std::vector<LegendItem>& items,
                 const LegendPlace& place) {
  if (items.empty() || place.rows <= 0) return;
  const int per_row = items_per_row(items, place.columns);
  const int width = item_columns(items, place.columns);
  const int most = per_row * place.rows;
  const int count = static_cast<int>(items.size());
  const auto left_out = page.figure.legend.front().left_out;
  const bool is_short = count > most;
  const int shown = is_short ? std::max(most - 1, 1) : count;
  const auto at = [&](int i) {
    return Place{place.corner.row + i / per_row,
                 place.corner.column + i % per_row * (width + gap_of_items)};
  };
  for (int i = 0; i < shown; ++i) draw_item(page, items[static_cast<std::size_t>(i)], at(i), width);
  const auto others = left_out + static_cast<std::size_t>(count - shown);
  if (others == 0 || shown >= most) return;
  page.canvas.put(at(shown), fitted_text("and " + std::to_string(others) + " more", width),
                  page.ink.muted());
}

}  // namespace mprofpp::render
