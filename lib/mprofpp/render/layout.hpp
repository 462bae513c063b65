#pragma once

#include "mprofpp/chart/figure.hpp"
#include "mprofpp/render/scene.hpp"
#include "mprofpp/render/text.hpp"

namespace mprofpp::render {

/// The size of a picture in pixels of 1/96 inch, and its theme.
struct Page {
  double width = 0;
  double height = 0;
  chart::Theme theme = chart::Theme::light;
};

inline constexpr double smallest_side = 200;
inline constexpr double largest_side = 20000;

/// Returns the default page for a figure. Lanes of calls make it higher.
Page natural_page(const chart::Figure& figure, chart::Theme theme);

/// Places everything on the page. The layout is the same for all formats; only the widths of letters differ.
Scene lay_out(const chart::Figure& figure, const Page& page, const TextMeasure& measure);

}  // namespace mprofpp::render
