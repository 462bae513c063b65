#include "mprofpp/render/detail/legend.hpp"

#include <algorithm>
#include <numeric>

namespace mprofpp::render {
namespace {

using chart::LegendRow;
using chart::LegendTable;
using chart::Symbol;

constexpr double symbol_width = 18;
constexpr double symbol_gap = 7;
constexpr double column_gap = 14;
constexpr double table_gap = 14;
constexpr double least_name = 60;

/// The widths of the columns of a table.
struct Columns {
  double name = 0;
  std::vector<double> cells;

  double total() const {
    return std::accumulate(cells.begin(), cells.end(), symbol_width + symbol_gap + name,
                           [](double sum, double cell) { return sum + column_gap + cell; });
  }
};

Columns measure_columns(const Sheet& sheet, const LegendTable& table) {
  Columns columns;
  columns.name = sheet.width(table.heading) - symbol_width - symbol_gap;
  columns.cells.resize(table.columns.size());
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    columns.cells[i] = sheet.width(table.columns[i]);
  }
  for (const auto& row : table.rows) {
    columns.name = std::max(columns.name, sheet.width(row.name));
    for (std::size_t i = 0; i < std::min(row.cells.size(), columns.cells.size()); ++i) {
      columns.cells[i] = std::max(columns.cells[i], sheet.width(row.cells[i]));
    }
  }
  return columns;
}

/// Makes the columns as wide as the table: first the name shrinks, then the last columns are removed.
void shrink(Columns& columns, double width) {
  const double least = std::min(columns.name, least_name);
  while (!columns.cells.empty() && columns.total() - columns.name + least > width + 0.5) {
    columns.cells.pop_back();
  }
  // tables below each other end at the same edge
  columns.name += width - columns.total();
}

void draw_symbol(const Sheet& sheet, const LegendRow& row, Dot left, Layer& layer) {
  const auto colour = sheet.colour(row.hue);
  const double width = width_of(row.weight) + (row.weight == chart::Weight::light ? 0.7 : 0.4);
  const double right = left.x + symbol_width;
  const double opacity = row.hue.role == chart::Hue::Role::rest ? 0.6 : 0.75;
  switch (row.symbol) {
    case chart::Symbol::line:
      layer.shapes.emplace_back(
          Path{.lines = {{left, {right, left.y}}}, .pen = {{colour}, width, dashes_of(row.dash)}});
      return;
    case chart::Symbol::area:
      layer.shapes.emplace_back(Block{{left.x, left.y - 4.5, symbol_width, 9}, {colour, opacity}});
      if (row.dash == chart::Dash::solid) return;
      layer.shapes.emplace_back(Path{.lines = {{{left.x, left.y - 4.5}, {right, left.y - 4.5}}},
                                     .pen = {{colour}, area_edge, dashes_of(row.dash)}});
      return;
    case chart::Symbol::box:
      layer.shapes.emplace_back(Block{{left.x + 3, left.y - 5, 12, 10}, {colour, 0.8}});
      return;
    case chart::Symbol::bracket:
      layer.shapes.emplace_back(Path{.lines = {{{left.x + 6, left.y - 5},
                                                {left.x + 3, left.y - 5},
                                                {left.x + 3, left.y + 5},
                                                {left.x + 6, left.y + 5}},
                                               {{right - 6, left.y - 5},
                                                {right - 3, left.y - 5},
                                                {right - 3, left.y + 5},
                                                {right - 6, left.y + 5}}},
                                     .pen = {{colour}, 1.8}});
      return;
    case chart::Symbol::none:
      return;
  }
}

/// Draws one table from the top down.
class TableDrawer {
 public:
  TableDrawer(const Sheet& sheet, Rect place, Layer& layer)
      : sheet_(sheet), place_(place), layer_(layer) {}

  void draw(const LegendTable& table, std::size_t rows) {
    auto columns = measure_columns(sheet_, table);
    shrink(columns, place_.width);
    heading(table, columns);
    for (std::size_t i = 0; i < rows; ++i) draw_row(table.rows[i], columns);
    const auto left_out = table.left_out + table.rows.size() - rows;
    if (left_out > 0) {
      text(place_.x + indent(table.rows.empty() ? Symbol::line : table.rows[0].symbol),
           Anchor::left, sheet_.muted(), "+ " + std::to_string(left_out) + " more");
      next();
    }
  }

  double y = 0;  ///< the top of the next row

 private:
  void heading(const LegendTable& table, const Columns& columns) {
    text(place_.x, Anchor::left, sheet_.muted(), table.heading);
    cells(table.columns, columns, sheet_.muted());
    next();
    layer_.shapes.emplace_back(Path{.lines = {{{place_.x, y - 0.5}, {place_.right(), y - 0.5}}},
                                    .pen = {{sheet_.grid()}}});
    y += 3;
  }

  void draw_row(const LegendRow& row, const Columns& columns) {
    draw_symbol(sheet_, row, {place_.x, y + sheet_.sizes.row / 2}, layer_);
    const double left = indent(row.symbol);
    const double room = columns.name + symbol_width + symbol_gap - left;
    text(place_.x + left, Anchor::left, sheet_.ink(),
         fitted_name({row.name, row.title, row.distinguishing_part}, room + 0.5,
                     {sheet_.sizes.text}, sheet_.measure));
    cells(row.cells, columns, sheet_.ink());
    next();
  }

  static double indent(Symbol symbol) {
    return symbol == Symbol::none ? 0 : symbol_width + symbol_gap;
  }

  void cells(const std::vector<std::string>& values, const Columns& columns, Colour colour) {
    double right = place_.x + symbol_width + symbol_gap + columns.name;
    for (std::size_t i = 0; i < columns.cells.size(); ++i) {
      right += column_gap + columns.cells[i];
      if (i < values.size()) text(right, Anchor::right, colour, values[i]);
    }
  }

  void text(double x, Anchor anchor, Colour colour, std::string content) {
    if (content.empty()) return;
    layer_.shapes.emplace_back(Label{.at = {x, y + sheet_.sizes.row / 2 + sheet_.sizes.text * 0.36},
                                     .text = std::move(content),
                                     .size = sheet_.sizes.text,
                                     .anchor = anchor,
                                     .paint = {colour}});
  }

  void next() { y += sheet_.sizes.row; }

  const Sheet& sheet_;
  Rect place_;
  Layer& layer_;
};

/// Returns how many rows each table gets: all, or as many as fit into its share of the height.
std::vector<std::size_t> share_rows(const Sheet& sheet, Tables tables, double height) {
  std::vector<std::size_t> rows(tables.size(), 0);
  if (tables_height(sheet, tables) <= height + table_gap) {
    std::transform(tables.begin(), tables.end(), rows.begin(),
                   [](const LegendTable& table) { return table.rows.size(); });
    return rows;
  }
  double left = height;
  for (const auto& table : tables) {
    left -= sheet.sizes.row + 2 + table_gap;
    if (table.left_out > 0) left -= sheet.sizes.row;
  }
  // in turns, so that a long first table leaves room for the second
  for (bool gave = true; gave;) {
    gave = false;
    for (std::size_t i = 0; i < tables.size(); ++i) {
      const bool needs_note = rows[i] + 1 < tables[i].rows.size() && tables[i].left_out == 0;
      const double cost = sheet.sizes.row * (needs_note && rows[i] == 0 ? 2 : 1);
      if (rows[i] == tables[i].rows.size() || left < cost) continue;
      left -= cost;
      ++rows[i];
      gave = true;
    }
  }
  return rows;
}

double line_item_width(const Sheet& sheet, const LegendRow& row) {
  return symbol_width + symbol_gap + sheet.width(row.name) + column_gap;
}

/// The position of a name in lines of names.
struct Item {
  const LegendRow* row;
  double x;
  int line;
};

struct Flow {
  std::vector<Item> items;
  std::string rest;  ///< "+ 3 more", after the last name; empty if all names fit
  double rest_x = 0;
};

constexpr int most_lines = 3;

std::vector<Item> lines_of_all(const Sheet& sheet, double width) {
  std::vector<Item> items;
  double x = 0;
  int line = 0;
  for (const auto& table : sheet.figure.legend) {
    for (const auto& row : table.rows) {
      // without its cells, a name without a symbol explains nothing
      if (row.symbol == Symbol::none) continue;
      const double own = std::min(line_item_width(sheet, row), width);
      if (x > 0 && x + own > width) {
        x = 0;
        ++line;
      }
      items.push_back({&row, x, line});
      x += own;
    }
  }
  return items;
}

/// Returns the names that fit. The last names make room for the number of those that do not.
Flow flow(const Sheet& sheet, double width) {
  Flow flow{.items = lines_of_all(sheet, width), .rest = {}};
  std::size_t left_out = 0;
  for (const auto& table : sheet.figure.legend) left_out += table.left_out;
  while (flow.items.size() > 1) {
    const auto& last = flow.items.back();
    flow.rest = left_out == 0 ? "" : "+ " + std::to_string(left_out) + " more";
    flow.rest_x = last.x + line_item_width(sheet, *last.row);
    const bool fits = flow.rest.empty() || flow.rest_x + sheet.width(flow.rest) <= width;
    if (last.line < most_lines && fits) break;
    flow.items.pop_back();
    ++left_out;
  }
  return flow;
}

}  // namespace

bool needs_legend(const chart::Figure& figure) {
  std::size_t rows = 0;
  std::size_t columns = 0;
  for (const auto& table : figure.legend) {
    rows += table.rows.size();
    columns = std::max(columns, table.columns.size());
  }
  return rows > 1 || columns > 1;
}

double tables_width(const Sheet& sheet, Tables tables) {
  double width = 0;
  for (const auto& table : tables) width = std::max(width, measure_columns(sheet, table).total());
  return width;
}

double tables_height(const Sheet& sheet, Tables tables) {
  double height = 0;
  for (const auto& table : tables) {
    const auto lines = 1 + table.rows.size() + (table.left_out > 0 ? 1 : 0);
    height += static_cast<double>(lines) * sheet.sizes.row + 3 + table_gap;
  }
  return height;
}

double draw_tables(const Sheet& sheet, Tables tables, Rect place, Layer& layer) {
  const auto rows = share_rows(sheet, tables, place.height);
  TableDrawer drawer(sheet, place, layer);
  drawer.y = place.y;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i] == 0) continue;
    if (drawer.y + 2 * sheet.sizes.row > place.bottom()) break;
    drawer.draw(tables[i], rows[i]);
    drawer.y += table_gap;
  }
  return drawer.y;
}

double legend_lines_height(const Sheet& sheet, double width) {
  const auto items = flow(sheet, width).items;
  return items.empty() ? 0 : (items.back().line + 1) * sheet.sizes.row;
}

void draw_legend_lines(const Sheet& sheet, Rect place, Layer& layer) {
  const double indent = symbol_width + symbol_gap;
  const auto [items, rest, rest_x] = flow(sheet, place.width);
  const auto middle = [&](int line) { return place.y + (line + 0.5) * sheet.sizes.row; };
  const auto text = [&](Dot at, std::string content, Colour colour) {
    layer.shapes.emplace_back(Label{.at = {at.x, at.y + sheet.sizes.text * 0.36},
                                    .text = std::move(content),
                                    .size = sheet.sizes.text,
                                    .paint = {colour}});
  };
  for (const auto& [row, x, line] : items) {
    const double y = middle(line);
    draw_symbol(sheet, *row, {place.x + x, y}, layer);
    const double room = place.width - x - indent;
    text({place.x + x + indent, y},
         fitted_name({row->name, row->title, row->distinguishing_part}, room, {sheet.sizes.text},
                     sheet.measure),
         sheet.ink());
  }
  if (!rest.empty()) text({place.x + rest_x, middle(items.back().line)}, rest, sheet.muted());
}

}  // namespace mprofpp::render
