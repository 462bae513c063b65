#pragma once

#include "mprofpp/render/terminal/dots.hpp"
#include "mprofpp/render/terminal/page.hpp"

namespace mprofpp::render {

/// Adds what decides whether curves leak: floors and the lines through them.
void add_leaks(Dots& dots, const TerminalPage& page, const Frame& frame);

/// Draws arrows at the steps of leaks.
void draw_steps(const TerminalPage& page, const Frame& frame);

/// Writes the rates next to the lines, and the sizes next to the steps.
void label_leaks(const TerminalPage& page, const Frame& frame);

}  // namespace mprofpp::render
