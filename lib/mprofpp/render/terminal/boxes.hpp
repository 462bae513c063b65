#pragma once

#include <vector>

#include "mprofpp/render/terminal/page.hpp"

namespace mprofpp::render {

/// Draws boxes of calls in a row of the canvas, within the columns of the frame. A box that has two columns
/// or more has its name, if there is room. Shorter ones are narrow bars in the columns that are free; each
/// column shows the longest call in it.
void draw_boxes(const TerminalPage& page, const Frame& frame,
                const std::vector<const chart::Box*>& boxes, int row);

/// Returns the letter of a function in that row of the legend, if there are no colours.
char letter_of_function(std::size_t row);

}  // namespace mprofpp::render
