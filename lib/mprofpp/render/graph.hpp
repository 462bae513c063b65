#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "mprofpp/chart/palette.hpp"
#include "mprofpp/render/scene.hpp"
#include "mprofpp/render/text.hpp"

/// Pictures of boxes and the arrows between them.
namespace mprofpp::render {

enum class BoxRole { source, ordinary, goal };

struct GraphBox {
  std::string title;
  std::string detail = {};  ///< smaller, below the title
  BoxRole role = BoxRole::ordinary;
};

struct GraphArrow {
  std::size_t from = 0;  ///< indices of boxes
  std::size_t to = 0;
  std::string label = {};
};

struct Graph {
  std::string title;
  std::vector<std::string> captions = {};  ///< lines below the title
  std::vector<GraphBox> boxes = {};
  std::vector<GraphArrow> arrows = {};
};

/// Draws the graph from top to bottom: a box is below all those that have an arrow to it, except where arrows
/// go round in a circle.
Scene draw_graph(const Graph& graph, const TextMeasure& measure, chart::Theme theme);

}  // namespace mprofpp::render
