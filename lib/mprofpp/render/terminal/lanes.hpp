#pragma once

#include "mprofpp/render/terminal/page.hpp"

namespace mprofpp::render {

/// Returns the number of rows that the lanes of calls need.
int lane_rows(const chart::Figure& figure);

/// Returns the columns that the names of the lanes need.
int lane_name_columns(const chart::Figure& figure);

/// Draws rows of calls below the plot: a strip for each function, or boxes of calls in lanes. The frame has
/// the columns of the plot, and the rows that there are; `details` is the column for their numbers, or 0.
void draw_lanes(const TerminalPage& page, const Frame& frame, int details);

}  // namespace mprofpp::render
