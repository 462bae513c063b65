#include "mprofpp/render/flame_panel.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "mprofpp/chart/words.hpp"
#include "mprofpp/render/memory_panel.hpp"

namespace mprofpp::render {
namespace {

constexpr double least_row = 3;
constexpr double least_letters = 7;  // size of a font that can be read
constexpr double readable_row = least_letters + 2.5;
constexpr std::size_t enough_lanes = 4;
constexpr double lane_gap = 6;

/// How high things are; smaller where there are many.
struct Heights {
  double row;
  double title;

  double lane(const chart::LanePanel& lane) const { return title + lane.rows * row + lane_gap; }
};

double height_of(const chart::Flame& flame, Heights heights) {
  double height = 0;
  for (const auto& lane : flame.lanes) height += heights.lane(lane);
  return height;
}

/// How many lanes have room, with a line that counts the others.
std::size_t lanes_in(const chart::Flame& flame, Heights heights, double room) {
  double height = heights.title;
  std::size_t count = 0;
  for (const auto& lane : flame.lanes) {
    height += heights.lane(lane);
    if (height > room) break;
    ++count;
  }
  return count;
}

/// Rows as high as all lanes allow. Of many lanes rather a few can be read than all be seen.
Heights heights_for(const chart::Flame& flame, const Sizes& sizes, double room) {
  Heights heights{sizes.row - 1, sizes.row - 2};
  const auto shrink = [&](double least) {
    while (heights.row > least && height_of(flame, heights) > room) heights.row -= 0.5;
  };
  shrink(readable_row);
  if (lanes_in(flame, heights, room) < enough_lanes) shrink(least_row);
  return heights;
}

/// `query` of `models.query(int, a.b)`: enough to know it where there is no room for more.
std::string last_part(const std::string& name) {
  const auto plain = std::string_view(name).substr(0, name.find_first_of("(< "));
  const auto dot = plain.find_last_of(".:");
  return dot == std::string_view::npos ? name : name.substr(dot + 1);
}

class FlamePanel {
 public:
  FlamePanel(const Sheet& sheet, Rect place)
      : sheet_(sheet),
        flame_(*sheet.figure.flame),
        place_(place),
        heights_(heights_for(flame_, sheet.sizes, place.height)),
        x_{shown_time(sheet.figure), place.x, place.right()} {}

  void draw(Layer& boxes, Layer& words) {
    double y = place_.y;
    std::size_t drawn = 0;
    for (const auto& lane : flame_.lanes) {
      const bool is_last = drawn + 1 == flame_.lanes.size() && flame_.lanes_left_out == 0;
      const double needed = heights_.lane(lane) + (is_last ? 0 : heights_.title);
      if (drawn > 0 && y + needed > place_.bottom() + lane_gap) break;
      draw_lane(lane, y, boxes, words);
      y += heights_.lane(lane);
      ++drawn;
    }
    const auto left_out = flame_.lanes.size() - drawn + flame_.lanes_left_out;
    const bool has_room = y + heights_.title <= place_.bottom() + lane_gap;
    if (left_out > 0 && has_room) title("+ " + std::to_string(left_out) + " more lanes", y, words);
    if (flame_.lanes.empty()) title("no calls recorded", y, words);
  }

 private:
  void title(const std::string& text, double y, Layer& words) const {
    words.shapes.emplace_back(Label{
        .at = {place_.x, y + heights_.title - 5},
        .text = fitted(text, place_.width, {sheet_.sizes.text}, Elide::middle, sheet_.measure),
        .size = sheet_.sizes.text,
        .paint = {sheet_.muted()}});
  }

  void draw_lane(const chart::LanePanel& lane, double y, Layer& boxes, Layer& words) {
    title(lane_title(lane, y), y, words);
    // calls that were told one by one lie on the groups that were told around them
    for (const auto& box : lane.boxes) {
      if (box.is_merged) draw_box_of(lane, box, y, boxes, words);
    }
    for (const auto& box : lane.boxes) {
      if (!box.is_merged) draw_box_of(lane, box, y, boxes, words);
    }
  }

  /// The name, and how many levels have room if not all.
  std::string lane_title(const chart::LanePanel& lane, double y) const {
    const double room = place_.bottom() + lane_gap - y - heights_.title;
    const int rows = static_cast<int>((room + 1) / heights_.row);
    if (rows >= lane.rows) return lane.name;
    const auto count = std::to_string(std::max(rows, 0)) + " of " + std::to_string(lane.rows);
    return lane.name + " · the first " + count + " levels";
  }

  void draw_box_of(const chart::LanePanel& lane, const chart::Box& box, double y, Layer& boxes,
                   Layer& words) {
    const double left = std::max(x_(box.begin), place_.x);
    const double right = std::min(x_(box.end), place_.right());
    if (right < place_.x || left > place_.right()) return;
    const Rect rect{left, y + heights_.title + box.row * heights_.row, std::max(right - left, 0.8),
                    heights_.row - 1};
    if (rect.y + rect.height > place_.bottom() + lane_gap) return;
    draw_box(box, rect, boxes);
    const double room = box.is_merged ? x_(free_until(lane, box)) - left : rect.width;
    draw_name(box, rect, std::min(room, rect.width), words);
  }

  /// Where the first call begins that lies on a group.
  static double free_until(const chart::LanePanel& lane, const chart::Box& group) {
    double until = group.end;
    for (const auto& box : lane.boxes) {
      const bool lies_on_it = !box.is_merged && box.row == group.row && box.end > group.begin;
      if (lies_on_it) until = std::min(until, std::max(box.begin, group.begin));
    }
    return until;
  }

  Colour colour_of_box(const chart::Box& box) const {
    if (flame_.colour == chart::BoxColour::growth) {
      const double scale = std::max(flame_.growth_scale, 1e-9);
      return chart::growth_colour(box.growth / scale, sheet_.page.theme);
    }
    // light enough for names in ink, or dark enough
    const double share = sheet_.page.theme == chart::Theme::dark ? 0.42 : 0.38;
    return chart::mix(sheet_.colour(box.hue), sheet_.paper(), share);
  }

  void draw_box(const chart::Box& box, Rect rect, Layer& boxes) const {
    const auto colour = colour_of_box(box);
    const auto edge = chart::mix(
        flame_.colour == chart::BoxColour::growth ? sheet_.muted() : sheet_.colour(box.hue), colour,
        0.55);
    Block block{
        .place = rect, .fill = {colour, box.is_merged ? 0.65 : 1.0}, .tooltip = box.tooltip};
    // narrow boxes would be nothing but their edges
    if (rect.width > 3) {
      block.place.x += 0.4;
      block.place.width -= 0.8;
      block.outline =
          Pen{{edge}, 0.8, box.is_open ? std::vector<double>{3, 2} : std::vector<double>{}};
    }
    boxes.shapes.emplace_back(std::move(block));
  }

  void draw_name(const chart::Box& box, Rect rect, double room, Layer& words) {
    const double size = std::min(sheet_.sizes.text - 0.5, rect.height - 1.5);
    if (size < least_letters) return;
    const auto text = name_in(box, room - 8);
    if (text.empty()) return;
    words.shapes.emplace_back(Label{.at = {rect.x + 4, rect.y + rect.height / 2 + size * 0.36},
                                    .text = text,
                                    .size = size,
                                    .paint = {sheet_.ink()}});
  }

  /// The name, or enough of it to be recognised.
  std::string name_in(const chart::Box& box, double room) {
    const double enough = sheet_.sizes.text * 3.2;
    if (width_of(box.name) <= room) return box.name;
    const auto part = last_part(box.name);
    if (width_of(part) <= room) return part;
    if (room < enough) return {};
    return fitted(part, room, {sheet_.sizes.text - 0.5}, Elide::end, sheet_.measure);
  }

  double width_of(const std::string& name) {
    const auto [place, is_new] = widths_.try_emplace(name, 0.0);
    if (is_new) place->second = sheet_.width(name.substr(0, 4000));
    return place->second;
  }

  const Sheet& sheet_;
  const chart::Flame& flame_;
  Rect place_;
  Heights heights_;
  Scale x_;
  std::unordered_map<std::string, double> widths_;
};

}  // namespace

double natural_flame_height(const chart::Flame& flame, const Sizes& sizes) {
  const Heights heights{sizes.row - 1, sizes.row - 2};
  const bool needs_words = flame.lanes.empty() || flame.lanes_left_out > 0;
  return height_of(flame, heights) + (needs_words ? heights.title : 0);
}

void draw_flame_panel(const Sheet& sheet, Rect place, Scene& scene) {
  Layer axes;
  draw_time_axis(sheet, place, TickTexts::shown, axes);
  Layer boxes{.clip = Rect{place.x - 1, place.y, place.width + 2, place.height + lane_gap}};
  Layer words;
  FlamePanel(sheet, place).draw(boxes, words);
  scene.layers.push_back(std::move(axes));
  scene.layers.push_back(std::move(boxes));
  scene.layers.push_back(std::move(words));
}

double growth_key_height(const Sheet& sheet) {
  return 3 * sheet.sizes.row;
}

void draw_growth_key(const Sheet& sheet, Rect place, Layer& layer) {
  constexpr int steps = 41;
  const double width = std::min(place.width, 220.0);
  const auto words = [&](double x, double y, Anchor anchor, const std::string& text) {
    layer.shapes.emplace_back(Label{.at = {x, y},
                                    .text = text,
                                    .size = sheet.sizes.text,
                                    .anchor = anchor,
                                    .paint = {sheet.muted()}});
  };
  words(place.x, place.y + sheet.sizes.row * 0.7, Anchor::left, "memory freed or added by a call");
  for (int i = 0; i < steps; ++i) {
    const double share = 2.0 * i / (steps - 1) - 1;
    layer.shapes.emplace_back(Block{{place.x + width * i / steps, place.y + sheet.sizes.row,
                                     width / steps + 0.5, sheet.sizes.row * 0.7},
                                    {chart::growth_colour(share, sheet.page.theme)}});
  }
  const double scale = sheet.figure.flame->growth_scale;
  const double baseline = place.y + sheet.sizes.row * 2.45;
  words(place.x, baseline, Anchor::left, chart::growth_text(-scale));
  words(place.x + width / 2, baseline, Anchor::middle, "0");
  words(place.x + width, baseline, Anchor::right, chart::growth_text(scale));
}

}  // namespace mprofpp::render
