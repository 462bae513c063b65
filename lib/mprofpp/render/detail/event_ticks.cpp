#include "mprofpp/render/detail/event_ticks.hpp"

#include <cmath>
#include <map>
#include <string>
#include <utility>

namespace mprofpp::render {
namespace {

using chart::EventTick;

/// Events of one kind in one pixel.
struct Cluster {
  const EventTick* first = nullptr;
  std::size_t count = 0;
};

std::string tooltip_of(const Cluster& cluster) {
  auto text = cluster.first->tooltip;
  if (cluster.count > 1) text += ", and " + std::to_string(cluster.count - 1) + " more";
  return text;
}

Shape shape_of(const Cluster& cluster, Dot at, Colour colour) {
  constexpr double length = 6;
  constexpr double half = 3;
  const Pen pen{{colour}, 1.4};
  switch (cluster.first->kind) {
    case EventTick::Kind::change:
      return Polygon{.corners = {{at.x - half, at.y},
                                 {at.x, at.y - half},
                                 {at.x + half, at.y},
                                 {at.x, at.y + half}},
                     .fill = {colour},
                     .tooltip = tooltip_of(cluster)};
    case EventTick::Kind::death:
      return Path{
          .lines = {{at, {at.x, at.y + length}}}, .pen = pen, .tooltip = tooltip_of(cluster)};
    case EventTick::Kind::birth:
      break;
  }
  return Path{.lines = {{at, {at.x, at.y - length}}}, .pen = pen, .tooltip = tooltip_of(cluster)};
}

}  // namespace

void draw_events(const Sheet& sheet, Rect plot, Scale x, Layer& layer) {
  std::map<std::pair<int, EventTick::Kind>, Cluster> clusters;
  for (const auto& event : sheet.figure.events) {
    if (!x.data.contains(event.seconds)) continue;
    auto& cluster = clusters[{static_cast<int>(std::lround(x(event.seconds))), event.kind}];
    if (cluster.first == nullptr) cluster.first = &event;
    ++cluster.count;
  }
  for (const auto& [place, cluster] : clusters) {
    const Dot at{static_cast<double>(place.first), plot.bottom()};
    layer.shapes.push_back(shape_of(cluster, at, sheet.colour(cluster.first->hue)));
  }
}

}  // namespace mprofpp::render
