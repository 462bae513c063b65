#include "mprofpp/render/detail/flame_panel.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <unordered_map>
#include <utility>
#include <vector>

#include "mprofpp/base/units.hpp"
#include "mprofpp/render/detail/memory_panel.hpp"

namespace mprofpp::render {
namespace {

constexpr double least_row = 3;
constexpr double least_letters = 7;  // size of the smallest readable font
constexpr double readable_row = least_letters + 2.5;
constexpr double widest_gap = 6;    // below a panel
constexpr double name_margins = 8;  // left and right of a name in its box
constexpr double merged_opacity = 0.65;
constexpr double swatch = 9;  // the colour of a process before the title of its lane
constexpr std::size_t enough_tracks = 4;
constexpr int few_levels = 2;

/// The heights of rows, titles and gaps; smaller if there are many.
struct Heights {
  double row;
  double title;
  double text;  ///< size of the title's font
  double gap;   ///< below a panel
  double seam;  ///< between the tracks of a panel
  int most_levels = std::numeric_limits<int>::max();

  static Heights natural(const Sizes& sizes) {
    return {.row = sizes.row - 1,
            .title = sizes.row - 2,
            .text = sizes.text,
            .gap = widest_gap,
            .seam = 3};
  }
  static Heights compact(const Sizes& sizes) {
    const double text = sizes.text - 1.5;
    return {.row = sizes.row - 1, .title = text + 3.5, .text = text, .gap = 3, .seam = 2};
  }

  double track(const chart::Track& track) const { return std::min(track.rows, most_levels) * row; }
};

/// The number of tracks that are shown of each panel, from its top.
using Shown = std::vector<std::size_t>;

std::size_t count_of(const Shown& shown) {
  return std::accumulate(shown.begin(), shown.end(), std::size_t{0});
}

/// Returns the height that a track adds to its panel.
double cost_of(const chart::LanePanel& panel, std::size_t track, Heights heights) {
  const double above = track == 0 ? heights.title + heights.gap : heights.seam;
  return above + heights.track(panel.tracks[track]);
}

double height_of(const chart::Flame& flame, Heights heights) {
  double height = 0;
  for (const auto& panel : flame.panels) {
    for (std::size_t i = 0; i < panel.tracks.size(); ++i) height += cost_of(panel, i, heights);
  }
  return height;
}

bool all_fit(const chart::Flame& flame, Heights heights, double room) {
  const double note = flame.tracks_left_out > 0 ? heights.title : 0;
  return height_of(flame, heights) + note <= room + heights.gap;
}

/// Returns the tracks with the lowest ranks for which there is room, but at least one.
Shown lowest_in(const chart::Flame& flame, Heights heights, double room) {
  std::map<std::size_t, std::size_t> panels;  // by the rank of a track
  for (std::size_t i = 0; i < flame.panels.size(); ++i) {
    for (const auto& track : flame.panels[i].tracks) panels.emplace(track.rank, i);
  }
  Shown shown(flame.panels.size(), 0);
  double left = room + heights.gap;
  for (const auto& [rank, i] : panels) {
    left -= cost_of(flame.panels[i], shown[i], heights);
    if (left < 0 && count_of(shown) > 0) break;
    ++shown[i];
  }
  return shown;
}

/// Returns the tracks for which there is room. If whole panels are left out, a line that counts their tracks
/// needs room, too.
Shown shown_in(const chart::Flame& flame, Heights heights, double room) {
  auto shown = lowest_in(flame, heights, room);
  const bool all_begin = std::find(shown.begin(), shown.end(), std::size_t{0}) == shown.end();
  if (all_begin && flame.tracks_left_out == 0) return shown;
  return lowest_in(flame, heights, room - heights.title);
}

/// Lowers the rows until all tracks fit, but keeps them high enough for names.
Heights shrunk(const chart::Flame& flame, Heights heights, double room) {
  while (heights.row > readable_row && !all_fit(flame, heights, room)) heights.row -= 0.5;
  return heights;
}

/// Limits the levels if that shows a track of every process, or at least of more processes.
Heights with_all_processes(const chart::Flame& flame, Heights heights, double room) {
  const auto has_all = [&] { return count_of(shown_in(flame, heights, room)) >= flame.processes; };
  if (has_all()) return heights;
  for (int levels = static_cast<int>(room / heights.row); levels > 0; --levels) {
    heights.most_levels = levels;
    if (has_all()) return heights;
  }
  heights.most_levels = few_levels;
  return heights;
}

/// Lowers the rows until the first few tracks are visible.
Heights with_enough_tracks(const chart::Flame& flame, Heights heights, double room) {
  std::size_t all = 0;
  for (const auto& panel : flame.panels) all += panel.tracks.size();
  const auto enough = std::min(all, enough_tracks);
  const auto count = [&] { return count_of(shown_in(flame, heights, room)); };
  while (heights.row > least_row && count() < enough) heights.row -= 0.5;
  return heights;
}

/// Chooses the heights. With many tracks, it is better that a few are readable than that all are visible.
Heights heights_for(const chart::Flame& flame, const Sizes& sizes, double room) {
  const auto natural = shrunk(flame, Heights::natural(sizes), room);
  if (all_fit(flame, natural, room)) return natural;
  auto heights = shrunk(flame, Heights::compact(sizes), room);
  if (flame.processes > 1) heights = with_all_processes(flame, heights, room);
  return with_enough_tracks(flame, heights, room);
}

/// Returns `query(int, a.b)` of `models.query(int, a.b)`: enough to recognise it if there is no more room.
std::string last_part(const std::string& name) {
  const auto plain = std::string_view(name).substr(0, name.find_first_of("(< "));
  const auto dot = plain.find_last_of(".:");
  return dot == std::string_view::npos ? name : name.substr(dot + 1);
}

/// Returns `search` of `search ×11,777` or `search ≈ ×400`.
std::string without_count(const std::string& name) {
  return name.substr(0, std::min(name.find(" ≈ ×"), name.find(" ×")));
}

class FlamePanel {
 public:
  FlamePanel(const Sheet& sheet, Rect place)
      : sheet_(sheet),
        flame_(*sheet.figure.flame),
        place_(place),
        heights_(heights_for(flame_, sheet.sizes, place.height)),
        shown_(shown_in(flame_, heights_, place.height)),
        x_{shown_time(sheet.figure), place.x, place.right()} {}

  void draw(Layer& boxes, Layer& labels) {
    double y = place_.y;
    auto left_out = flame_.tracks_left_out;
    for (std::size_t i = 0; i < flame_.panels.size(); ++i) {
      const auto& panel = flame_.panels[i];
      if (shown_[i] == 0)
        left_out += panel.tracks.size() + panel.tracks_left_out;
      else
        y = draw_panel(panel, shown_[i], y, boxes, labels);
    }
    const bool has_room = y + heights_.title <= place_.bottom() + heights_.gap;
    if (left_out > 0 && has_room)
      title({"+ " + std::to_string(left_out) + " more lanes"}, y, labels);
    if (flame_.panels.empty()) title({"no calls recorded"}, y, labels);
  }

 private:
  void title(const Name& name, double y, Layer& labels, double indent = 0) const {
    const double size = heights_.text;
    labels.shapes.emplace_back(
        Label{.at = {place_.x + indent, y + heights_.title - size * 5 / 11},
              .text = fitted_name(name, place_.width - indent, {size}, sheet_.measure),
              .size = size,
              .paint = {sheet_.muted()}});
  }

  /// Returns where the next panel begins.
  double draw_panel(const chart::LanePanel& panel, std::size_t tracks, double y, Layer& boxes,
                    Layer& labels) {
    const double indent = panel.hue ? draw_swatch(*panel.hue, y, labels) : 0;
    title({panel_title(panel, tracks, y), panel.title, panel.distinguishing_part}, y, labels,
          indent);
    y += heights_.title;
    for (std::size_t i = 0; i < tracks; ++i) {
      const auto& track = panel.tracks[i];
      if (i > 0) y += heights_.seam;
      // calls that were recorded one by one lie on the groups that were recorded around them
      for (const auto& box : track.boxes) {
        if (box.is_merged) draw_box_of(track, box, y, boxes, labels);
      }
      for (const auto& box : track.boxes) {
        if (!box.is_merged) draw_box_of(track, box, y, boxes, labels);
      }
      y += heights_.track(track);
    }
    return y + heights_.gap;
  }

  /// Draws the colour of a process in the line of a title, and returns the width that it needs.
  double draw_swatch(chart::Hue hue, double y, Layer& labels) const {
    const double middle = y + heights_.title - heights_.text * 0.8;
    labels.shapes.emplace_back(
        Block{{place_.x, middle - swatch / 2, swatch, swatch}, {sheet_.colour(hue)}});
    return swatch + 5;
  }

  /// Returns how many levels have room below `y`.
  int levels_below(double y) const {
    const double room = place_.bottom() + heights_.gap - y;
    return std::clamp(static_cast<int>((room + 1) / heights_.row), 0, heights_.most_levels);
  }

  /// Returns the name of a panel, and how many rows and levels are shown if not all are.
  std::string panel_title(const chart::LanePanel& panel, std::size_t tracks, double y) const {
    auto text = panel.name;
    const auto all = panel.tracks.size() + panel.tracks_left_out;
    if (tracks < all) {
      text += " · " + std::to_string(tracks) + " of " + std::to_string(all) + " rows";
    }
    int levels = 0;
    for (std::size_t i = 0; i < tracks; ++i) levels = std::max(levels, panel.tracks[i].rows);
    const int shown = tracks == 1 ? levels_below(y + heights_.title) : heights_.most_levels;
    if (shown >= levels) return text;
    return text + " · " + std::to_string(shown) + " of " + std::to_string(levels) + " levels";
  }

  void draw_box_of(const chart::Track& track, const chart::Box& box, double y, Layer& boxes,
                   Layer& labels) {
    const double left = std::max(x_(box.begin), place_.x);
    const double right = std::min(x_(box.end), place_.right());
    if (right < place_.x || left > place_.right()) return;
    if (box.row >= levels_below(y)) return;
    const Rect rect{left, y + box.row * heights_.row, std::max(right - left, 0.8),
                    heights_.row - 1};
    draw_box(box, rect, boxes);
    draw_name(box, box.is_merged ? widest_part(track, box, rect) : rect, labels);
  }

  /// Returns the widest part of a group's box without calls on it. A call without a name does not count: the
  /// name of the group may cover it.
  Rect widest_part(const chart::Track& track, const chart::Box& group, Rect rect) {
    std::vector<std::pair<double, double>> taken;
    for (const auto& box : track.boxes) {
      if (box.is_merged || box.row != group.row) continue;
      const double left = x_(box.begin);
      const double right = x_(box.end);
      if (right < rect.x || left > rect.right()) continue;
      if (!name_in(box, right - left - name_margins).empty()) taken.emplace_back(left, right);
    }
    taken.emplace_back(rect.right(), rect.right());
    std::sort(taken.begin(), taken.end());
    Rect widest = rect;
    widest.width = 0;
    double free_from = rect.x;
    for (const auto& [left, right] : taken) {
      if (left - free_from > widest.width) {
        widest.x = free_from;
        widest.width = left - free_from;
      }
      free_from = std::max(free_from, right);
    }
    return widest;
  }

  Colour colour_of_box(const chart::Box& box) const {
    if (flame_.colour == chart::BoxColour::growth) {
      const double scale = std::max(flame_.growth_scale, 1e-9);
      return chart::growth_colour(box.growth / scale, sheet_.page.theme);
    }
    // light enough for names in ink, or dark enough in the dark theme
    const bool is_dark = sheet_.page.theme == chart::Theme::dark;
    double share = is_dark ? 0.42 : 0.38;
    if (flame_.colour == chart::BoxColour::process) {
      share = (is_dark ? 0.28 : 0.24) + (is_dark ? 0.13 : 0.16) * static_cast<double>(box.tint);
    }
    return chart::mix(sheet_.colour(box.hue), sheet_.paper(), share);
  }

  void draw_box(const chart::Box& box, Rect rect, Layer& boxes) const {
    const auto colour = colour_of_box(box);
    const auto edge = chart::mix(
        flame_.colour == chart::BoxColour::growth ? sheet_.muted() : sheet_.colour(box.hue), colour,
        0.55);
    Block block{.place = rect,
                .fill = {colour, box.is_merged ? merged_opacity : 1.0},
                .tooltip = box.tooltip};
    // narrow boxes would be nothing but their edges
    if (rect.width > 3) {
      block.place.x += 0.4;
      block.place.width -= 0.8;
      block.outline =
          Pen{{edge}, 0.8, box.is_open ? std::vector<double>{3, 2} : std::vector<double>{}};
    }
    boxes.shapes.emplace_back(std::move(block));
  }

  void draw_name(const chart::Box& box, Rect rect, Layer& labels) {
    const double size = std::min(sheet_.sizes.text - 0.5, rect.height - 1.5);
    if (size < least_letters) return;
    const auto text = name_in(box, rect.width - name_margins);
    if (text.empty()) return;
    if (box.is_merged) cover_below(box, rect, text, labels);
    labels.shapes.emplace_back(
        Label{.at = {rect.x + name_margins / 2, rect.y + rect.height / 2 + size * 0.36},
              .text = text,
              .size = size,
              .paint = {sheet_.ink()}});
  }

  /// Covers the calls without names that would run through the name of a group.
  void cover_below(const chart::Box& group, Rect rect, const std::string& text, Layer& labels) {
    constexpr double edge = 0.8;
    const double width = std::min(width_of(text) + name_margins, rect.width) - 2 * edge;
    labels.shapes.emplace_back(
        Block{.place = {rect.x + edge, rect.y + edge, width, rect.height - 2 * edge},
              .fill = {chart::mix(colour_of_box(group), sheet_.paper(), merged_opacity)},
              .tooltip = group.tooltip});
  }

  /// Returns the name, or enough of it to be recognised.
  std::string name_in(const chart::Box& box, double room) {
    const double enough = sheet_.sizes.text * 3.2;
    if (width_of(box.name) <= room) return box.name;
    auto part = last_part(box.name);
    if (width_of(part) <= room) return part;
    // a number that is cut is wrong
    if (box.is_merged) part = without_count(part);
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
  Shown shown_;
  Scale x_;
  std::unordered_map<std::string, double> widths_;
};

/// Returns true if a box added or freed more than that.
bool has_more_than(const chart::Flame& flame, double mib) {
  const auto is_more = [mib](const chart::Box& box) { return std::abs(box.growth) > mib; };
  const auto has_more = [&](const chart::Track& track) {
    return std::any_of(track.boxes.begin(), track.boxes.end(), is_more);
  };
  return std::any_of(flame.panels.begin(), flame.panels.end(), [&](const auto& panel) {
    return std::any_of(panel.tracks.begin(), panel.tracks.end(), has_more);
  });
}

}  // namespace

double natural_flame_height(const chart::Flame& flame, const Sizes& sizes) {
  const auto heights = Heights::natural(sizes);
  const bool needs_note = flame.panels.empty() || flame.tracks_left_out > 0;
  return height_of(flame, heights) + (needs_note ? heights.title : 0);
}

void draw_flame_panel(const Sheet& sheet, Rect place, Scene& scene) {
  Layer axes;
  draw_time_axis(sheet, place, TickLabels::shown, axes);
  Layer boxes{.clip = Rect{place.x - 1, place.y, place.width + 2, place.height + widest_gap}};
  Layer labels;
  FlamePanel(sheet, place).draw(boxes, labels);
  scene.layers.push_back(std::move(axes));
  scene.layers.push_back(std::move(boxes));
  scene.layers.push_back(std::move(labels));
}

double growth_key_height(const Sheet& sheet) {
  return 3 * sheet.sizes.row;
}

void draw_growth_key(const Sheet& sheet, Rect place, Layer& layer) {
  constexpr int steps = 41;
  const double width = std::min(place.width, 220.0);
  const auto label = [&](double x, double y, Anchor anchor, const std::string& text) {
    layer.shapes.emplace_back(Label{.at = {x, y},
                                    .text = text,
                                    .size = sheet.sizes.text,
                                    .anchor = anchor,
                                    .paint = {sheet.muted()}});
  };
  const auto& flame = *sheet.figure.flame;
  const double scale = flame.growth_scale;
  // merged boxes have the sum of their calls
  const bool is_exceeded = has_more_than(flame, scale);
  label(place.x, place.y + sheet.sizes.row * 0.7, Anchor::left,
        is_exceeded ? "memory freed or added by calls" : "memory freed or added by a call");
  for (int i = 0; i < steps; ++i) {
    const double share = 2.0 * i / (steps - 1) - 1;
    layer.shapes.emplace_back(Block{{place.x + width * i / steps, place.y + sheet.sizes.row,
                                     width / steps + 0.5, sheet.sizes.row * 0.7},
                                    {chart::growth_colour(share, sheet.page.theme)}});
  }
  const double baseline = place.y + sheet.sizes.row * 2.45;
  label(place.x, baseline, Anchor::left, (is_exceeded ? "≤ " : "") + growth_text(-scale));
  label(place.x + width / 2, baseline, Anchor::middle, "0");
  label(place.x + width, baseline, Anchor::right, (is_exceeded ? "≥ " : "") + growth_text(scale));
}

}  // namespace mprofpp::render
