#pragma once

#include "mprofpp/chart/figure.hpp"
#include "mprofpp/render/scene.hpp"
#include "mprofpp/render/text.hpp"

namespace mprofpp::render {

/// A picture's size in pixels of 1/96 inch and its colours.
struct Page {
  double width = 0;
  double height = 0;
  chart::Theme theme = chart::Theme::light;
};

inline constexpr double smallest_side = 200;
inline constexpr double largest_side = 20000;

/// The size that suits a figure when nobody asked for one: lanes of calls make it higher.
Page natural_page(const chart::Figure& figure, chart::Theme theme);

/// Decides where everything goes. The same for all formats; only the widths of letters differ.
Scene lay_out(const chart::Figure& figure, const Page& page, const TextMeasure& measure);

}  // namespace mprofpp::render
