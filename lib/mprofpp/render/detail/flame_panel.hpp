#pragma once

#include "mprofpp/render/detail/sheet.hpp"

namespace mprofpp::render {

/// Returns the height in pixels at which every row of the lanes can hold a name.
double natural_flame_height(const chart::Flame& flame, const Sizes& sizes);

/// Draws the lanes into `place`, which has the x range of the memory panel. Rows get lower if the height does
/// not suffice; a line of text counts the lanes for which there is no room at all.
void draw_flame_panel(const Sheet& sheet, Rect place, Scene& scene);

/// Returns the height in pixels of the key to the growth colours.
double growth_key_height(const Sheet& sheet);
/// Draws the key to the growth colours.
void draw_growth_key(const Sheet& sheet, Rect place, Layer& layer);

}  // namespace mprofpp::render
