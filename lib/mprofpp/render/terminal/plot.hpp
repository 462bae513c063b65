#pragma once

#include "mprofpp/render/terminal/page.hpp"

namespace mprofpp::render {

/// Returns the memory that a plot with that number of rows shows, with room for the label of the peak.
chart::Range shown_memory(const chart::Figure& figure, int rows);

/// Returns the columns that the labels of the memory axis need, with the axis.
int memory_axis_columns(const chart::Figure& figure, int rows);

/// The rows around a plot that it may use.
struct PlotRows {
  int flags = 0;   ///< above it
  int axis = 0;    ///< below it: the line and its labels
  int events = 0;  ///< below the axis
};

/// Draws the memory over time: axes, areas, curves, and what is marked on them.
void draw_plot(const TerminalPage& page, const Frame& frame, const PlotRows& rows);

}  // namespace mprofpp::render
