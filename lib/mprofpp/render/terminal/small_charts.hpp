#pragma once

#include "mprofpp/render/terminal/page.hpp"

namespace mprofpp::render {

/// Returns the rows that the small charts of the figure need at their usual size.
int small_chart_rows(const chart::Figure& figure, int columns);

/// Draws a small chart for each panel, next to and below each other, as many as fit into the cells.
void draw_small_charts(const TerminalPage& page, Place corner, int rows);

}  // namespace mprofpp::render
