#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "mprofpp/render/terminal/dots.hpp"
#include "mprofpp/render/terminal/page.hpp"

namespace mprofpp::render {

/// Adds the lines, as far as they are within the frame's time.
void add_strokes(Dots& dots, const Frame& frame, const std::vector<chart::Stroke>& strokes,
                 Style style, chart::Dash dash);

/// Draws the curves, and the straight lines through them.
void draw_curves(const TerminalPage& page, const Frame& frame);

/// Draws areas that are on top of each other.
void draw_areas(const TerminalPage& page, const Frame& frame);

/// Writes the letters of areas that are patterns and whose letters are hidden by curves.
void name_areas(const TerminalPage& page, const Frame& frame);

/// Returns the number of the row in the first table of the legend that names a curve or an area.
std::optional<std::size_t> number_in_legend(const chart::Figure& figure, chart::Hue hue,
                                            chart::Dash dash);

/// Returns true if the areas of the figure are on top of each other, false if they are bands around curves.
bool has_layers(const chart::Figure& figure);

/// Returns the letter that names the curve of that row if there are no colours.
char tag_of(std::size_t number);

/// Returns true if areas are blocks of colours, false if they are patterns.
bool has_blocks(const TerminalLook& look);

/// Returns the character that fills the area of that row in a pattern, next to the letters that name it.
std::string_view fill_of(std::size_t number, Letters letters);

}  // namespace mprofpp::render
