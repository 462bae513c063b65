#pragma once

#include "mprofpp/render/detail/sheet.hpp"

namespace mprofpp::render {

/// Draws what happened to processes on the time axis: a tick upwards where one started, downwards where one
/// exited, and a diamond where one became another program. Events of one kind in the same pixel are one tick.
void draw_events(const Sheet& sheet, Rect plot, Scale x, Layer& layer);

}  // namespace mprofpp::render
