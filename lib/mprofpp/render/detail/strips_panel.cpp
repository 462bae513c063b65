#include "mprofpp/render/detail/strips_panel.hpp"

#include <algorithm>
#include <cmath>

namespace mprofpp::render {
namespace {

constexpr double bar = 8;
constexpr double level_bar = 20;  // of a type: its curve needs some height
constexpr double gap_below = 6;
constexpr double least_block = 1.4;    // a narrower block would be too faint
constexpr double least_opacity = 0.5;  // of a call that takes almost no time
constexpr double gap_in_label = 7;

/// Returns the height of the line of text above a bar.
double label_height(const Sheet& sheet) {
  return sheet.sizes.text + 4;
}

double bar_height(const chart::Strip& strip) {
  return strip.levels.empty() ? bar : level_bar;
}

double row_height(const Sheet& sheet, const chart::Strip& strip) {
  return label_height(sheet) + bar_height(strip) + gap_below;
}

/// Returns how many strips fit, and the height that they take.
struct FittingStrips {
  std::size_t count = 0;
  double height = 0;
};

FittingStrips fitting_strips(const Sheet& sheet, double room) {
  FittingStrips fitting;
  for (const auto& strip : sheet.figure.strips) {
    const double height = row_height(sheet, strip);
    if (fitting.height + height > room + gap_below) break;
    fitting.height += height;
    ++fitting.count;
  }
  fitting.height = std::max(0.0, fitting.height - gap_below);
  return fitting;
}

/// Draws strips below each other.
class StripsPanel {
 public:
  StripsPanel(const Sheet& sheet, Rect place)
      : sheet_(sheet), place_(place), x_{shown_time(sheet.figure), place.x, place.right()} {}

  void draw(const chart::Strip& strip, double y, Layer& bars, Layer& labels) const {
    draw_label(strip, y + label_height(sheet_) - 4, labels);
    y += label_height(sheet_);
    const auto colour = sheet_.colour(strip.hue);
    bars.shapes.emplace_back(Block{{place_.x, y, place_.width, bar_height(strip)}, {colour, 0.07}});
    if (!strip.levels.empty()) return draw_levels(strip, y, bars);
    for (const auto& block : strip.blocks) {
      const double left = std::max(x_(block.begin), place_.x);
      const double right = std::min(x_(block.end), place_.right());
      bars.shapes.emplace_back(Block{.place = {left, y, std::max(right - left, least_block), bar},
                                     .fill = {colour, std::lerp(least_opacity, 1.0, block.density)},
                                     .tooltip = strip.tooltip});
    }
  }

 private:
  /// Draws the curve of a type: steps over an area, with the highest level at the top.
  void draw_levels(const chart::Strip& strip, double y, Layer& bars) const {
    const auto colour = sheet_.colour(strip.hue);
    const auto highest = std::max_element(
        strip.levels.begin(), strip.levels.end(),
        [](const chart::Point& a, const chart::Point& b) { return a.mib < b.mib; });
    if (!(highest->mib > 0)) return;
    const Scale height{{0, highest->mib}, y + level_bar, y + 1};
    std::vector<Dot> line;
    for (const auto& level : strip.levels) {
      if (!line.empty()) line.push_back({x_(level.seconds), line.back().y});
      line.push_back({x_(level.seconds), height(level.mib)});
    }
    auto area = line;
    area.push_back({line.back().x, y + level_bar});
    area.push_back({line.front().x, y + level_bar});
    bars.shapes.emplace_back(Polygon{std::move(area), {colour, 0.25}, strip.tooltip});
    bars.shapes.emplace_back(
        Path{.lines = {std::move(line)}, .pen = {{colour}, light_line}, .tooltip = strip.tooltip});
  }

  void draw_label(const chart::Strip& strip, double baseline, Layer& labels) const {
    const auto add = [&](double x, std::string text, Colour colour) {
      if (text.empty()) return;
      labels.shapes.emplace_back(Label{.at = {x, baseline},
                                       .text = std::move(text),
                                       .size = sheet_.sizes.text,
                                       .paint = {colour}});
    };
    const TextStyle style{sheet_.sizes.text};
    const auto name = fitted(strip.name, place_.width * 0.6, style, Elide::end, sheet_.measure);
    add(place_.x, name, sheet_.ink());
    const double indent = sheet_.width(name) + gap_in_label;
    add(place_.x + indent,
        fitted(strip.detail, place_.width - indent, style, Elide::end, sheet_.measure),
        sheet_.muted());
  }

  const Sheet& sheet_;
  Rect place_;
  Scale x_;
};

}  // namespace

double strips_height(const Sheet& sheet, double room) {
  return fitting_strips(sheet, room).height;
}

void draw_strips_panel(const Sheet& sheet, Rect place, TickLabels tick_labels, Scene& scene) {
  Layer axes;
  draw_time_axis(sheet, place, tick_labels, axes);
  Layer bars{.clip = Rect{place.x, place.y, place.width + 1, place.height}};
  Layer labels;
  const StripsPanel panel(sheet, place);
  const auto& strips = sheet.figure.strips;
  const auto shown = fitting_strips(sheet, place.height + 0.5).count;
  double y = place.y;
  for (std::size_t i = 0; i < std::min(shown, strips.size()); ++i) {
    auto strip = strips[i];
    if (i + 1 == shown && shown < strips.size())
      strip.detail += " · and " + std::to_string(strips.size() - shown) +
                      (strip.levels.empty() ? " more functions" : " more types");
    panel.draw(strip, y, bars, labels);
    y += row_height(sheet, strips[i]);
  }
  scene.layers.push_back(std::move(axes));
  scene.layers.push_back(std::move(bars));
  scene.layers.push_back(std::move(labels));
}

}  // namespace mprofpp::render
