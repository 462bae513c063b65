#pragma once

#include "mprofpp/render/detail/sheet.hpp"

namespace mprofpp::render {

/// Returns the memory values that the axis covers: from zero unless all curves are far above it, with room at
/// the top for the label of the peak. `height` is in pixels.
chart::Range shown_memory(const Sheet& sheet, double height);

/// The lower end of the memory axis. An axis that starts above zero has a mark there, and a note in its
/// caption.
enum class AxisStart { zero, above_zero };
AxisStart axis_start(const Sheet& sheet, double height);

/// Returns the width in pixels of the labels left of the memory axis.
double memory_axis_width(const Sheet& sheet, double height);

/// Returns the height in pixels of the labels below the time axis. On a clock axis, a second line has the
/// date.
double time_axis_height(const Sheet& sheet);

/// The place of the names of the curves.
enum class CurveNames { at_ends, in_legend };
/// Draws axis, curves and labels into `plot`, whose x range is figure.time. A single sample has a point with
/// its value and its time, and no axes. Returns false if a curve should be named at its end and there is no
/// room for that.
bool draw_memory_panel(const Sheet& sheet, Rect plot, CurveNames names, Scene& scene);

/// A time axis above another panel has no labels.
enum class TickLabels { shown, hidden };
/// Draws vertical lines at the ticks of the time axis and, if they are shown, their labels.
void draw_time_axis(const Sheet& sheet, Rect plot, TickLabels labels, Layer& layer);

/// Draws the name of the time axis left of its labels, whose baseline is given, or below them if it is a
/// date.
void draw_time_name(const Sheet& sheet, Rect plot, double baseline, Layer& layer);

/// Returns the time that the axis covers: figure.time, or one second around a single moment.
chart::Range shown_time(const chart::Figure& figure);

}  // namespace mprofpp::render
