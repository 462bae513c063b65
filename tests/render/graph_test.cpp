#include "mprofpp/render/graph.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>

using namespace mprofpp::render;
using mprofpp::chart::Theme;

namespace {

Scene drawn(const Graph& graph) {
  return draw_graph(graph, TableMeasure(), Theme::light);
}

/// Returns the top of each box, by its title.
std::map<std::string, double> tops(const Scene& scene) {
  std::map<std::string, double> found;
  for (const auto& layer : scene.layers) {
    for (const auto& shape : layer.shapes) {
      if (const auto* block = std::get_if<Block>(&shape)) found[block->tooltip] = block->place.y;
    }
  }
  return found;
}

std::vector<Rect> boxes(const Scene& scene) {
  std::vector<Rect> found;
  for (const auto& layer : scene.layers) {
    for (const auto& shape : layer.shapes) {
      if (const auto* block = std::get_if<Block>(&shape)) found.push_back(block->place);
    }
  }
  return found;
}

}  // namespace

TEST_CASE("a box is below all those that point to it") {
  const auto top = tops(drawn({.title = "t",
                               .boxes = {{.title = "a"}, {.title = "b"}, {.title = "c"}},
                               .arrows = {{0, 1}, {1, 2}, {0, 2}}}));
  CHECK(top.at("a") < top.at("b"));
  CHECK(top.at("b") < top.at("c"));
}

TEST_CASE("boxes do not overlap, and are in the picture") {
  Graph graph{.title = "t", .boxes = {{.title = "root"}}};
  for (std::size_t i = 1; i <= 12; ++i) {
    graph.boxes.push_back({.title = "a rather long title " + std::to_string(i)});
    graph.arrows.push_back({i % 3 == 0 ? i - 1 : 0, i, "[" + std::to_string(i) + "]"});
  }
  const auto scene = drawn(graph);
  const auto places = boxes(scene);
  REQUIRE(places.size() == 13);
  for (std::size_t i = 0; i < places.size(); ++i) {
    CHECK(places[i].x >= 0);
    CHECK(places[i].right() <= scene.width);
    CHECK(places[i].bottom() <= scene.height);
    for (std::size_t k = 0; k < i; ++k) {
      const bool is_beside = places[i].right() <= places[k].x || places[k].right() <= places[i].x;
      CHECK((is_beside || places[i].y != places[k].y));
    }
  }
}

TEST_CASE("arrows may go round in a circle, and to the box itself") {
  const auto places = boxes(drawn({.title = "t",
                                   .boxes = {{.title = "a"}, {.title = "b"}},
                                   .arrows = {{0, 1}, {1, 0}, {1, 1}}}));
  CHECK(places.size() == 2);
}

TEST_CASE("a graph without boxes is a picture of its title") {
  CHECK(boxes(drawn({.title = "nothing"})).empty());
}
