#pragma once

#include <algorithm>
#include <cmath>

#include "mprofpp/chart/palette.hpp"

namespace mprofpp::test {

/// Returns a channel of a colour as a share of light, 0 to 1.
inline double linear(std::uint8_t channel) {
  const double share = channel / 255.0;
  return share <= 0.04045 ? share / 12.92 : std::pow((share + 0.055) / 1.055, 2.4);
}

/// Returns the contrast ratio of two colours, 1 to 21 (WCAG 2.1, relative luminance).
inline double contrast(chart::Colour a, chart::Colour b) {
  const auto luminance = [](chart::Colour c) {
    return 0.2126 * linear(c.red) + 0.7152 * linear(c.green) + 0.0722 * linear(c.blue) + 0.05;
  };
  return std::max(luminance(a), luminance(b)) / std::min(luminance(a), luminance(b));
}

}  // namespace mprofpp::test
