#include "mprofpp/render/detail/label_placer.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace mprofpp::render {
namespace {

constexpr double cell_size = 3;  // pixels
constexpr double gap = 3;        // between two texts

bool overlap(Rect a, Rect b) {
  return a.x < b.right() && b.x < a.right() && a.y < b.bottom() && b.y < a.bottom();
}

std::size_t cells_of(double length) {
  return static_cast<std::size_t>(std::max(length, 0.0) / cell_size) + 1;
}

}  // namespace

Obstacles::Obstacles(Rect room)
    : room_(room),
      columns_(cells_of(room.width)),
      rows_(cells_of(room.height)),
      is_crossed_(std::make_unique<bool[]>(columns_ * rows_)) {}

bool* Obstacles::cell(double x, double y) {
  const double column = std::floor((x - room_.x) / cell_size);
  const double row = std::floor((y - room_.y) / cell_size);
  if (!(column >= 0 && column < static_cast<double>(columns_))) return nullptr;
  if (!(row >= 0 && row < static_cast<double>(rows_))) return nullptr;
  return &is_crossed_[static_cast<std::size_t>(row) * columns_ + static_cast<std::size_t>(column)];
}

void Obstacles::add(const std::vector<Dot>& line) {
  for (std::size_t i = 1; i < line.size(); ++i) {
    const auto &a = line[i - 1], &b = line[i];
    const double length = std::max(std::abs(b.x - a.x), std::abs(b.y - a.y));
    const double most_steps = 4 * static_cast<double>(columns_ + rows_);
    const double steps = std::clamp(std::ceil(length / cell_size), 1.0, most_steps);
    for (double step = 0; step <= steps; ++step) {
      const double share = step / steps;
      if (auto* crossed = cell(std::lerp(a.x, b.x, share), std::lerp(a.y, b.y, share))) {
        *crossed = true;
      }
    }
  }
}

double Obstacles::share_in(Rect place) const {
  const auto cells_before = [](double distance, std::size_t most) {
    return std::min(static_cast<std::size_t>(std::max(distance, 0.0) / cell_size), most - 1);
  };
  const auto left = cells_before(place.x - room_.x, columns_);
  const auto right = cells_before(place.right() - room_.x, columns_);
  const auto top = cells_before(place.y - room_.y, rows_);
  const auto bottom = cells_before(place.bottom() - room_.y, rows_);
  // a curve that crosses a text hides it column by column, whatever its thickness
  std::size_t crossed = 0;
  for (auto column = left; column <= right; ++column) {
    bool any = false;
    for (auto row = top; row <= bottom; ++row) any = any || is_crossed_[row * columns_ + column];
    crossed += any;
  }
  return static_cast<double>(crossed) / static_cast<double>(right - left + 1);
}

bool LabelPlacer::is_free(Rect place) const {
  if (place.x < room_.x || place.right() > room_.right()) return false;
  if (place.y < room_.y || place.bottom() > room_.bottom()) return false;
  const Rect padded{place.x - gap, place.y, place.width + 2 * gap, place.height};
  return std::none_of(taken_.begin(), taken_.end(),
                      [&](Rect other) { return overlap(padded, other); });
}

double LabelPlacer::crossed(Rect place) const {
  if (!is_free(place)) return std::numeric_limits<double>::infinity();
  return curves_.share_in(place) + (signs_.share_in(place) > 0 ? 1 : 0);
}

Rect LabelPlacer::box_of(const std::string& text, const Spot& spot) const {
  const double size = sheet_.sizes.text;
  const double width = sheet_.width(text);
  const double left = spot.anchor == Anchor::left     ? spot.at.x
                      : spot.anchor == Anchor::middle ? spot.at.x - width / 2
                                                      : spot.at.x - width;
  return {left, spot.at.y - size * 0.95, width, size * 1.2};
}

bool LabelPlacer::place(const LabelRequest& request, Layer& layer) {
  for (const auto& text : request.alternatives) {
    std::optional<Spot> best;
    double least = request.most_crossed + 1e-9;
    for (const auto& spot : request.spots) {
      const double share = crossed(box_of(text, spot));
      // an earlier spot is better unless a later one hides much less
      if (share < least) best = spot;
      if (share < least) least = share - 0.03;
    }
    if (!best) continue;
    occupy(box_of(text, *best));
    layer.shapes.emplace_back(Label{.at = best->at,
                                    .text = text,
                                    .size = sheet_.sizes.text,
                                    .anchor = best->anchor,
                                    .paint = {request.colour},
                                    .halo = sheet_.paper()});
    return true;
  }
  return false;
}

}  // namespace mprofpp::render
