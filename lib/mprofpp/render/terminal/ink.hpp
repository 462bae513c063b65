#pragma once

#include "mprofpp/chart/palette.hpp"
#include "mprofpp/render/terminal/canvas.hpp"

namespace mprofpp::render {

/// The colours of a terminal. Its background is not known: each colour of lines and text in the table of 256
/// colours has a contrast of at least 3 : 1 to black and to white.
class Ink {
 public:
  explicit Ink(TerminalColours colours) : colours_(colours) {}

  bool has_colours() const { return colours_ != TerminalColours::none; }

  Style of(chart::Hue hue) const;
  /// A block of an area. Unlike a line, it always has a colour of its own, which can also be a background.
  Style block(chart::Hue hue) const;
  Style muted() const { return of({chart::Hue::Role::muted}); }
  Style bold() const;
  /// Letters on an area of that colour.
  Style on(chart::Hue hue) const;
  /// Letters on an area whose colour shows a growth, from -1 (freed) to 1 (added).
  Style on_growth(double share) const;

 private:
  int number_of(chart::Hue hue) const;
  Style on_colour(int colour) const;

  TerminalColours colours_;
};

/// Returns black or white: the colour of letters that can be read on that colour.
int readable_on(int colour);

/// Returns the colour with that number, from 16 to 255, in the table of 256 colours.
chart::Colour terminal_colour(int number);

}  // namespace mprofpp::render
