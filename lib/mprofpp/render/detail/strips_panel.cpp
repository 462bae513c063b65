#include "mprofpp/render/detail/strips_panel.hpp"

#include <algorithm>
#include <cmath>

#include "mprofpp/render/detail/memory_panel.hpp"

namespace mprofpp::render {
namespace {

constexpr double bar = 8;
constexpr double gap_below = 6;
constexpr double least_block = 1.4;    // a narrower block would be too faint
constexpr double least_opacity = 0.5;  // of a call that takes almost no time
constexpr double gap_in_label = 7;

/// Returns the height of the line of text above a bar.
double label_height(const Sheet& sheet) {
  return sheet.sizes.text + 4;
}

double row_height(const Sheet& sheet) {
  return label_height(sheet) + bar + gap_below;
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
    bars.shapes.emplace_back(Block{{place_.x, y, place_.width, bar}, {colour, 0.07}});
    for (const auto& block : strip.blocks) {
      const double left = std::max(x_(block.begin), place_.x);
      const double right = std::min(x_(block.end), place_.right());
      bars.shapes.emplace_back(Block{.place = {left, y, std::max(right - left, least_block), bar},
                                     .fill = {colour, std::lerp(least_opacity, 1.0, block.density)},
                                     .tooltip = strip.tooltip});
    }
  }

 private:
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
  const double fitting = std::floor((room + gap_below) / row_height(sheet));
  const double rows = std::min(fitting, static_cast<double>(sheet.figure.strips.size()));
  return rows < 1 ? 0 : rows * row_height(sheet) - gap_below;
}

void draw_strips_panel(const Sheet& sheet, Rect place, Scene& scene) {
  Layer axes;
  draw_time_axis(sheet, place, TickLabels::shown, axes);
  Layer bars{.clip = Rect{place.x, place.y, place.width + 1, place.height}};
  Layer labels;
  const StripsPanel panel(sheet, place);
  const auto& strips = sheet.figure.strips;
  const auto shown =
      static_cast<std::size_t>(std::floor((place.height + gap_below + 0.5) / row_height(sheet)));
  double y = place.y;
  for (std::size_t i = 0; i < std::min(shown, strips.size()); ++i) {
    auto strip = strips[i];
    if (i + 1 == shown && shown < strips.size())
      strip.detail += " · and " + std::to_string(strips.size() - shown) + " more functions";
    panel.draw(strip, y, bars, labels);
    y += row_height(sheet);
  }
  scene.layers.push_back(std::move(axes));
  scene.layers.push_back(std::move(bars));
  scene.layers.push_back(std::move(labels));
}

}  // namespace mprofpp::render
