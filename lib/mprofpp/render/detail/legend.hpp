#pragma once

#include <span>

#include "mprofpp/render/detail/sheet.hpp"

namespace mprofpp::render {

/// Returns true if the figure needs a legend. A single curve without calls is named at its axis instead.
bool needs_legend(const chart::Figure& figure);

using Tables = std::span<const chart::LegendTable>;

/// Return the size of the tables below each other, if nothing is cut.
double tables_width(const Sheet& sheet, Tables tables);
double tables_height(const Sheet& sheet, Tables tables);

/// Draws the tables below each other into `place`; a line counts the rows for which there is no room. Returns
/// the y at which the legend ends.
double draw_tables(const Sheet& sheet, Tables tables, Rect place, Layer& layer);

/// Lines with the names one after another, for a page that is too narrow for tables. There are at most three
/// lines; names that do not fit are counted. The first function returns the height, the second one draws.
double legend_lines_height(const Sheet& sheet, double width);
void draw_legend_lines(const Sheet& sheet, Rect place, Layer& layer);

}  // namespace mprofpp::render
