#pragma once

#include <string>

#include "mprofpp/chart/figure.hpp"

namespace mprofpp::render {

enum class Letters { unicode, ascii };

/// The colours that a terminal can show. The first sixteen are those of the user's theme.
enum class TerminalColours { none, sixteen, many };

inline constexpr int fewest_columns = 20;
inline constexpr int most_columns = 500;

/// The size and the abilities of a terminal.
struct TerminalLook {
  int columns = 80;  ///< from fewest_columns to most_columns
  int rows = 0;      ///< at most that many lines; 0 means as many as suit the figure
  Letters letters = Letters::unicode;
  TerminalColours colours = TerminalColours::none;
};

/// Draws the figure as lines of text that fit into the columns. Curves are lines of braille dots. No control
/// character of a name is in the text, only the sequences that set colours.
std::string draw_terminal(const chart::Figure& figure, const TerminalLook& look);

}  // namespace mprofpp::render
