#include "mprofpp/analysis/object_curves.hpp"

#include <algorithm>

namespace mprofpp::analysis {

void ObjectCurve::add(const ObjectPoint& point) {
  constexpr std::size_t most_points = 512;
  if (!points_.empty() && points_.back().t == point.t) points_.pop_back();
  points_.push_back(point);
  if (points_.size() > most_points) thin_out();
}

/// Keeps one of each two points, that with fewer objects, at the time of the first one.
void ObjectCurve::thin_out() {
  std::vector<ObjectPoint> kept{points_.front()};
  std::size_t i = 1;
  for (; i + 2 < points_.size(); i += 2) {
    const auto& next = points_[i + 1].amount;
    const auto& least = next.count < points_[i].amount.count ? next : points_[i].amount;
    kept.push_back({points_[i].t, least});
  }
  kept.insert(kept.end(), points_.begin() + static_cast<std::ptrdiff_t>(i), points_.end());
  points_ = std::move(kept);
}

void ObjectCurvesFold::take(const model::ObjectCount& objects) {
  const auto number = processes_.number_of(objects.pid);
  const auto found = objects_.find(number);
  if (objects.type.empty()) {
    auto& known = found == objects_.end() ? objects_[number] : found->second;
    if (known.censuses++ == 0) known.first = objects.t;
    known.last = std::max(known.last, objects.t);
    return;
  }
  if (found == objects_.end()) return;  // damaged: its census has no line
  found->second.types[objects.type].add({objects.t, {objects.count, objects.bytes}});
}

void ObjectCurvesFold::take(const model::Exit& exit) {
  if (objects_.empty()) return;
  const auto found = objects_.find(processes_.number_of(exit.pid));
  if (found != objects_.end()) found->second.exit = exit.t;
}

std::vector<ProcessObjects> ObjectCurvesFold::curves() const {
  std::vector<ProcessObjects> all;
  for (const auto& [number, objects] : objects_) {
    all.push_back(objects);
    all.back().process = processes_.at(number);
  }
  return all;
}

}  // namespace mprofpp::analysis
