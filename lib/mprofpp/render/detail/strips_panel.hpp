#pragma once

#include "mprofpp/render/detail/memory_panel.hpp"
#include "mprofpp/render/detail/sheet.hpp"

namespace mprofpp::render {

/// Returns the height in pixels of the strips that fit into `room`: all or the first ones, or 0 if not one
/// fits.
double strips_height(const Sheet& sheet, double room);

/// Draws the strips into `place`, which has the x range of the memory panel and a height from
/// strips_height(), and a time axis below them.
void draw_strips_panel(const Sheet& sheet, Rect place, TickLabels tick_labels, Scene& scene);

}  // namespace mprofpp::render
