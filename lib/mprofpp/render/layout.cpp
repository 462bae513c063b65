#include "mprofpp/render/layout.hpp"

#include <algorithm>

#include "mprofpp/render/flame_panel.hpp"
#include "mprofpp/render/legend.hpp"
#include "mprofpp/render/memory_panel.hpp"
#include "mprofpp/render/sheet.hpp"

namespace mprofpp::render {
namespace {

constexpr double legend_gap = 24;

/// The page, cut into its parts.
struct Parts {
  Rect memory;
  Rect flame;
  Rect legend;
  bool has_legend_beside = false;
  bool has_legend_below = false;
  double caption_y = 0;  ///< baseline of the memory axis's name
};

/// Cuts the page from its edges inwards.
class Cutter {
 public:
  explicit Cutter(const Sheet& sheet)
      : sheet_(sheet),
        sizes_(sheet.sizes),
        left_{sizes_.margin, sizes_.margin, sheet.page.width - 2 * sizes_.margin,
              sheet.page.height - 2 * sizes_.margin} {}

  Parts cut() {
    cut_heading();
    if (needs_legend(sheet_.figure)) cut_legend();
    parts_.caption_y = left_.y + sizes_.text;
    cut_top(sizes_.row + 4);
    left_.height -= sizes_.text + 8;  // the texts of the time axis
    if (sheet_.figure.flame) cut_flame();
    parts_.memory = left_;
    const double axis = memory_axis_width(sheet_, left_.height);
    for (auto* panel : {&parts_.memory, &parts_.flame}) {
      panel->x += axis;
      panel->width -= axis;
    }
    return parts_;
  }

 private:
  void cut_top(double height) {
    left_.y += height;
    left_.height -= height;
  }

  void cut_heading() {
    if (!sheet_.figure.title.empty()) cut_top(sizes_.title + 6);
    if (!sheet_.figure.subtitle.empty()) cut_top(sizes_.text + 6);
    cut_top(4);
  }

  void cut_legend() {
    const auto& page = sheet_.page;
    if (page.width >= 640) {
      const double width = legend_width(sheet_, page.width * 0.36);
      parts_.legend = {left_.right() - width, left_.y, width, left_.height};
      parts_.has_legend_beside = true;
      left_.width -= width + legend_gap;
      return;
    }
    constexpr double least_page = 240;
    if (page.height < least_page) return;
    const double height = legend_lines_height(sheet_, left_.width);
    if (height > left_.height / 3) return;
    parts_.legend = {left_.x, left_.bottom() - height, left_.width, height};
    parts_.has_legend_below = true;
    left_.height -= height + 6;
  }

  void cut_flame() {
    constexpr double gap = 14;
    const double wanted = natural_flame_height(*sheet_.figure.flame, sizes_);
    const double memory = std::max(0.3 * left_.height, std::min(150.0, 0.5 * left_.height));
    const double height = std::min(wanted, left_.height - memory - gap);
    parts_.flame = {left_.x, left_.bottom() - height, left_.width, height};
    left_.height -= height + gap;
  }

  const Sheet& sheet_;
  const Sizes& sizes_;
  Rect left_;
  Parts parts_;
};

void draw_heading(const Sheet& sheet, Layer& layer) {
  const auto& sizes = sheet.sizes;
  const double room = sheet.page.width - 2 * sizes.margin;
  double y = sizes.margin;
  const auto line = [&](const std::string& text, TextStyle style, Colour colour) {
    if (text.empty()) return;
    y += style.size;
    layer.shapes.emplace_back(Label{.at = {sizes.margin, y - style.size * 0.15},
                                    .text = fitted(text, room, style, Elide::end, sheet.measure),
                                    .size = style.size,
                                    .weight = style.weight,
                                    .paint = {colour}});
    y += 6;
  };
  line(sheet.figure.title, {sizes.title, TextWeight::bold}, sheet.ink());
  line(sheet.figure.subtitle, {sizes.text}, sheet.muted());
}

/// What the memory axis shows; without a legend also whose memory it is.
std::string caption_of(const chart::Figure& figure) {
  if (needs_legend(figure) || figure.legend.empty() || figure.legend[0].rows.empty()) {
    return figure.memory_name;
  }
  return figure.memory_name + " of " + figure.legend[0].rows[0].name;
}

void draw_caption(const Sheet& sheet, const Parts& parts, Layer& layer) {
  layer.shapes.emplace_back(
      Label{.at = {sheet.sizes.margin, parts.caption_y},
            .text = fitted(caption_of(sheet.figure), parts.memory.right() - sheet.sizes.margin,
                           {sheet.sizes.text}, Elide::middle, sheet.measure),
            .size = sheet.sizes.text,
            .paint = {sheet.muted()}});
}

void draw_key(const Sheet& sheet, const Parts& parts, Layer& layer) {
  if (parts.has_legend_below) return draw_legend_lines(sheet, parts.legend, layer);
  if (!parts.has_legend_beside) return;
  auto place = parts.legend;
  const auto& flame = sheet.figure.flame;
  if (flame && flame->colour == chart::BoxColour::growth) {
    const double height = growth_key_height(sheet);
    place.height -= height;
    const double y = draw_legend(sheet, place, layer);
    return draw_growth_key(sheet, {place.x, y, place.width, height}, layer);
  }
  draw_legend(sheet, place, layer);
}

}  // namespace

Page natural_page(const chart::Figure& figure, chart::Theme theme) {
  constexpr double width = 1200;
  constexpr double height = 540;
  constexpr double most_height = 2400;
  Page page{width, height, theme};
  if (figure.flame) {
    page.height =
        std::clamp(420 + natural_flame_height(*figure.flame, Sizes{}), height, most_height);
  }
  return page;
}

Scene lay_out(const chart::Figure& figure, const Page& page, const TextMeasure& measure) {
  const Sheet sheet{figure, page, measure, Sizes::of(page)};
  Scene scene{
      .width = page.width, .height = page.height, .paper = sheet.paper(), .title = figure.title};
  const auto parts = Cutter(sheet).cut();
  Layer frame;
  draw_heading(sheet, frame);
  draw_caption(sheet, parts, frame);
  draw_key(sheet, parts, frame);
  draw_time_axis(sheet, parts.memory, figure.flame ? TickTexts::hidden : TickTexts::shown, frame);
  scene.layers.push_back(std::move(frame));
  draw_memory_panel(sheet, parts.memory, scene);
  if (figure.flame) draw_flame_panel(sheet, parts.flame, scene);
  return scene;
}

}  // namespace mprofpp::render
