#pragma once

#include "mprofpp/render/sheet.hpp"

namespace mprofpp::render {

/// Whether the figure needs a legend: one curve without calls is named at its axis.
bool needs_legend(const chart::Figure& figure);

/// How wide the legend wants to be beside the chart; never more than `most`.
double legend_width(const Sheet& sheet, double most);

/// Draws the tables below one another into `place`; rows for which there is no room are counted.
/// Answers where it ends.
double draw_legend(const Sheet& sheet, Rect place, Layer& layer);

/// The names one after another in as few lines as they need, for a page too narrow for tables.
/// At most three lines: what is left out is counted.
double legend_lines_height(const Sheet& sheet, double width);
void draw_legend_lines(const Sheet& sheet, Rect place, Layer& layer);

}  // namespace mprofpp::render
