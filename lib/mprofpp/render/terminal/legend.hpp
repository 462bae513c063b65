#pragma once

#include <string>
#include <vector>

#include "mprofpp/render/terminal/page.hpp"

namespace mprofpp::render {

/// A row of the legend.
struct LegendItem {
  std::string symbol;  ///< of at most two columns
  Style style;
  const chart::LegendRow* row = nullptr;  ///< with its name
  std::string value = {};
};

/// Returns what the legend names: the curves and areas, and the functions of boxes if their colours mean
/// functions. A single curve needs no name.
std::vector<LegendItem> legend_items(const chart::Figure& figure, const TerminalLook& look);

/// Returns the columns that the items need below each other.
int legend_columns(const std::vector<LegendItem>& items);

/// Returns the number of rows that the items need below each other, in several columns.
int legend_rows(const std::vector<LegendItem>& items, int columns);

/// The cells of a legend.
struct LegendPlace {
  Place corner;
  int columns = 0;
  int rows = 0;
};

/// Draws the items, in several columns if there is room. The last ones are left out if it is short.
void draw_legend(const TerminalPage& page, const std::vector<LegendItem>& items,
                 const LegendPlace& place);

}  // namespace mprofpp::render
