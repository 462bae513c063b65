#pragma once

#include "mprofpp/render/sheet.hpp"

namespace mprofpp::render {

/// The memory values the axis covers: from zero, unless all curves are far above it, with room
/// above for the peak's words. `height` in pixels.
chart::Range shown_memory(const Sheet& sheet, double height);

/// Pixels the texts left of the memory axis need.
double memory_axis_width(const Sheet& sheet, double height);

/// Draws axis, curves and labels into `plot`, whose x range is figure.time.
void draw_memory_panel(const Sheet& sheet, Rect plot, Scene& scene);

/// Vertical lines at `ticks` and, unless below is another panel, their texts.
enum class TickTexts { shown, hidden };
void draw_time_axis(const Sheet& sheet, Rect plot, TickTexts texts, Layer& layer);

/// The time the axis covers: figure.time, or a second if nothing took any.
chart::Range shown_time(const chart::Figure& figure);

}  // namespace mprofpp::render
