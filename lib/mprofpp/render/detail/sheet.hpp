#pragma once

#include <string>

#include "mprofpp/render/layout.hpp"

/// Types and helpers that the parts of the layout share.
namespace mprofpp::render {

/// Sizes that depend on the page: a small picture has smaller letters and margins.
struct Sizes {
  double title = 15;
  double text = 11;
  double margin = 16;
  double row = 18;  ///< from one line of text to the next

  static Sizes of(const Page& page) {
    if (page.width >= 640 && page.height >= 360) return {};
    return {.title = 12.5, .text = 9.5, .margin = 10, .row = 15};
  }
};

/// The page being laid out.
struct Sheet {
  const chart::Figure& figure;
  const Page& page;
  const TextMeasure& measure;
  Sizes sizes;

  Colour colour(chart::Hue hue) const { return colour_of(hue, page.theme); }
  Colour ink() const { return colour({chart::Hue::Role::ink}); }
  Colour muted() const { return colour({chart::Hue::Role::muted}); }
  Colour grid() const { return colour({chart::Hue::Role::grid}); }
  Colour paper() const { return colour({chart::Hue::Role::paper}); }
  double width(const std::string& text) const {
    return measure.width(text, sizes.text, TextWeight::normal);
  }
};

/// Maps data to pixels.
struct Scale {
  chart::Range data;
  double from = 0;  ///< pixel of data.low
  double to = 1;    ///< pixel of data.high

  double operator()(double value) const {
    return from + (value - data.low) / (data.high - data.low) * (to - from);
  }
};

inline constexpr double heavy_line = 1.8;
inline constexpr double light_line = 1.3;
inline constexpr double fine_line = 0.8;
inline constexpr double area_edge = 1.4;  ///< dashed edge of an area that shares its colour

inline double width_of(chart::Weight weight) {
  switch (weight) {
    case chart::Weight::heavy:
      return heavy_line;
    case chart::Weight::light:
      return light_line;
    case chart::Weight::fine:
      break;
  }
  return fine_line;
}

/// Returns the dash pattern, which distinguishes things of the same colour.
inline std::vector<double> dashes_of(chart::Dash dash) {
  return dash == chart::Dash::dashed ? std::vector<double>{5, 3} : std::vector<double>{};
}

}  // namespace mprofpp::render
