#include "mprofpp/render/terminal/label.hpp"

#include <limits>

namespace mprofpp::render {
namespace {

bool is_inside(Place at, int width, const Frame& frame) {
  return at.row >= frame.corner.row && at.row < frame.bottom() &&
         at.column >= frame.corner.column && at.column + width <= frame.right();
}

}  // namespace

bool draw_label(const TerminalPage& page, const Frame& frame, const PlotLabel& label,
                Urgency urgency) {
  const std::string* best = nullptr;
  Place place;
  int least = std::numeric_limits<int>::max();
  for (const auto& text : label.texts) {
    const int width = columns_of(text);
    for (const auto at : label.places(width)) {
      if (!is_inside(at, width, frame)) continue;
      const int used = page.canvas.count_used(at, width);
      if (used >= least) continue;
      least = used;
      best = &text;
      place = at;
    }
    if (least == 0) break;
  }
  if (best == nullptr || (least > 0 && urgency == Urgency::if_free)) return false;
  page.canvas.put(place, *best, label.style);
  return true;
}

}  // namespace mprofpp::render
