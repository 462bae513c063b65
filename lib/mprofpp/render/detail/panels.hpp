#pragma once

#include "mprofpp/render/detail/sheet.hpp"

namespace mprofpp::render {

/// Returns the height in pixels that the panels need to be readable on a page of that width.
double natural_panels_height(const chart::Figure& figure, double width);

/// Returns how many panels have room in `place`, at least one.
std::size_t panels_with_room(const Sheet& sheet, Rect place);

/// Draws the first panels of the figure as a grid, as many as have room. All have the same axes, with labels
/// at the left and at the bottom only.
void draw_panels(const Sheet& sheet, Rect place, Scene& scene);

}  // namespace mprofpp::render
