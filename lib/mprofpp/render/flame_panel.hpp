#pragma once

#include "mprofpp/render/sheet.hpp"

namespace mprofpp::render {

/// Pixels of height the lanes want, so that every row can hold a name.
double natural_flame_height(const chart::Flame& flame, const Sizes& sizes);

/// Draws the lanes into `place`, whose x range is the memory panel's. Rows get lower where the
/// height does not suffice; lanes for which there is no room at all are counted in words.
void draw_flame_panel(const Sheet& sheet, Rect place, Scene& scene);

/// Pixels of height the key to the colours of growth needs, and the key.
double growth_key_height(const Sheet& sheet);
void draw_growth_key(const Sheet& sheet, Rect place, Layer& layer);

}  // namespace mprofpp::render
