#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace mprofpp::render::detail {

/// A graph of which only the sizes matter.
struct LayoutInput {
  std::vector<double> widths;                               ///< of boxes
  std::vector<std::pair<std::size_t, std::size_t>> arrows;  ///< from a box to a box
};

/// The places of the boxes.
struct GraphLayout {
  std::vector<std::size_t> layers;  ///< of each box, from 0 at the top
  std::vector<double> centres;      ///< of each box, from 0 at the left
  /// For each arrow, the places where it passes the layers between its boxes, from top to bottom.
  std::vector<std::vector<double>> bends;
  double width = 0;
};

/// Puts boxes into layers, so that arrows point downwards, and orders each layer so that they are short.
GraphLayout lay_out(const LayoutInput& input, double gap);

}  // namespace mprofpp::render::detail
