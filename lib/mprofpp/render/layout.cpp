#include "mprofpp/render/layout.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "mprofpp/render/detail/end_labels.hpp"
#include "mprofpp/render/detail/flame_panel.hpp"
#include "mprofpp/render/detail/legend.hpp"
#include "mprofpp/render/detail/memory_panel.hpp"
#include "mprofpp/render/detail/panels.hpp"
#include "mprofpp/render/detail/sheet.hpp"
#include "mprofpp/render/detail/strips_panel.hpp"

namespace mprofpp::render {
namespace {

constexpr double legend_gap = 24;

/// The place and the look of the legend.
enum class LegendStyle { none, tables_right, tables_below, lines_below };

/// The parts of the page.
struct Parts {
  CurveNames names = CurveNames::in_legend;
  Rect memory;
  Rect flame;
  Rect strips;  ///< no height if there are none or no room for them
  Rect legend;
  LegendStyle legend_style = LegendStyle::none;
  double caption_y = 0;  ///< baseline of the memory axis's name
};

/// Returns the tables that the legend shows.
Tables tables_of(const chart::Figure& figure, CurveNames names) {
  const Tables all = figure.legend;
  return names == CurveNames::at_ends ? all.subspan(1) : all;
}

constexpr double heading_gap = 6;  // below each line

/// A line of the heading.
struct HeadingLine {
  std::string text;
  TextStyle style;
  Colour colour;
};

/// Returns as many parts of the summary as there is room for, with … for the others.
std::string summary_text(const Sheet& sheet, TextStyle style, double room) {
  const std::string more = " · …";
  std::string text;
  for (const auto& part : sheet.figure.summary) {
    auto longer = text;
    if (!text.empty()) longer += " · ";
    longer += part;
    const auto& last = sheet.figure.summary.back();
    const auto with_note = &part == &last ? longer : longer + more;
    const bool fits = sheet.measure.width(with_note, style.size, style.weight) <= room;
    if (!fits && !text.empty()) return text + more;
    text = std::move(longer);
  }
  return text;
}

/// Returns the title, the summary, and where and when it was recorded. A low picture has no room for the last
/// one if it has a summary and curves.
std::vector<HeadingLine> heading_of(const Sheet& sheet) {
  constexpr double low_page = 320;
  const auto& figure = sheet.figure;
  const TextStyle summary{sheet.sizes.text + 1};
  const double room = sheet.page.width - 2 * sheet.sizes.margin;
  std::vector<HeadingLine> lines = {
      {figure.title, {sheet.sizes.title, TextWeight::bold}, sheet.ink()},
      {summary_text(sheet, summary, room), summary, sheet.ink()},
      {figure.subtitle, {sheet.sizes.text}, sheet.muted()}};
  const bool needs_room = !figure.summary.empty() && figure.time.length() > 0;
  if (needs_room && sheet.page.height < low_page) lines.pop_back();
  std::erase_if(lines, [](const HeadingLine& line) { return line.text.empty(); });
  return lines;
}

/// Cuts the page into its parts, from the edges inwards.
class Cutter {
 public:
  Cutter(const Sheet& sheet, CurveNames names)
      : sheet_(sheet),
        sizes_(sheet.sizes),
        left_{sizes_.margin, sizes_.margin, sheet.page.width - 2 * sizes_.margin,
              sheet.page.height - 2 * sizes_.margin} {
    parts_.names = names;
  }

  Parts cut() {
    cut_heading();
    if (parts_.names == CurveNames::at_ends)
      cut_names();
    else if (needs_legend(sheet_.figure))
      cut_legend();
    parts_.caption_y = left_.y + sizes_.text;
    cut_top(sizes_.row + 4);
    left_.height -= time_axis_height(sheet_);
    if (sheet_.figure.flame) cut_flame();
    if (!sheet_.figure.strips.empty()) cut_strips();
    parts_.memory = left_;
    if (parts_.legend_style == LegendStyle::tables_right && parts_.names == CurveNames::at_ends) {
      const auto& panel = sheet_.figure.flame ? parts_.flame : parts_.strips;
      parts_.legend.height = parts_.legend.bottom() - panel.y;
      parts_.legend.y = panel.y;
    }
    const double axis = memory_axis_width(sheet_, left_.height);
    for (auto* panel : {&parts_.memory, &parts_.flame, &parts_.strips}) {
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
    for (const auto& line : heading_of(sheet_)) cut_top(line.style.size + heading_gap);
    cut_top(4);
  }

  void cut_below(double width, double height, LegendStyle style) {
    parts_.legend = {left_.x, left_.bottom() - height, width, height};
    parts_.legend_style = style;
    left_.height -= height + 6;
  }

  void cut_right(double width) {
    parts_.legend = {left_.right() - width, left_.y, width, left_.height};
    parts_.legend_style = LegendStyle::tables_right;
    left_.width -= width + legend_gap;
  }

  void cut_legend() {
    const auto& page = sheet_.page;
    if (page.width >= 640) {
      const double width = tables_width(sheet_, tables_of(sheet_.figure, parts_.names));
      return cut_right(std::min(width, page.width / 3));
    }
    constexpr double least_page = 240;
    if (page.height < least_page) return;
    const double height = legend_lines_height(sheet_, left_.width);
    if (height <= left_.height / 3) cut_below(left_.width, height, LegendStyle::lines_below);
  }

  /// Makes room for names next to the plot. The other tables are below it or, next to lanes or strips, below
  /// the names.
  void cut_names() {
    const auto tables = tables_of(sheet_.figure, parts_.names);
    const double names = end_labels_width(sheet_);
    const double width = tables_width(sheet_, tables);
    const bool has_panel_below = sheet_.figure.flame || !sheet_.figure.strips.empty();
    if (has_panel_below && !tables.empty())
      return cut_right(std::clamp(width, names - legend_gap, sheet_.page.width / 3));
    left_.width -= names;
    const double height = tables_height(sheet_, tables);
    const bool has_room = height <= left_.height * 0.35 && width <= left_.width;
    if (!tables.empty() && has_room)
      cut_below(width, height + sizes_.row / 2, LegendStyle::tables_below);
  }

  void cut_flame() {
    constexpr double gap_above = 14;
    const double wanted = natural_flame_height(*sheet_.figure.flame, sizes_);
    const double memory = std::max(0.3 * left_.height, std::min(150.0, 0.5 * left_.height));
    const double height = std::min(wanted, left_.height - memory - gap_above);
    parts_.flame = {left_.x, left_.bottom() - height, left_.width, height};
    left_.height -= height + gap_above;
  }

  void cut_strips() {
    constexpr double gap_above = 12;
    constexpr double most_share = 0.42;  // the memory is more important
    const double height = strips_height(sheet_, most_share * left_.height - gap_above);
    if (height <= 0) return;
    parts_.strips = {left_.x, left_.bottom() - height, left_.width, height};
    left_.height -= height + gap_above;
  }

  const Sheet& sheet_;
  const Sizes& sizes_;
  Rect left_;
  Parts parts_;
};

void draw_heading(const Sheet& sheet, Layer& layer) {
  const double margin = sheet.sizes.margin;
  const double room = sheet.page.width - 2 * margin;
  double y = margin;
  for (const auto& [text, style, colour] : heading_of(sheet)) {
    y += style.size;
    layer.shapes.emplace_back(Label{.at = {margin, y - style.size * 0.15},
                                    .text = fitted(text, room, style, Elide::end, sheet.measure),
                                    .size = style.size,
                                    .weight = style.weight,
                                    .paint = {colour}});
    y += heading_gap;
  }
}

/// Returns the caption of the memory axis; without a legend it also says whose memory it is.
std::string caption_of(const chart::Figure& figure, AxisStart start) {
  const std::string note = start == AxisStart::above_zero ? ", not from zero" : "";
  if (needs_legend(figure) || figure.legend.empty() || figure.legend[0].rows.empty()) {
    return figure.memory_name + note;
  }
  return figure.memory_name + " of " + figure.legend[0].rows[0].name + note;
}

void draw_caption(const Sheet& sheet, const Parts& parts, Layer& layer) {
  const auto caption = caption_of(sheet.figure, axis_start(sheet, parts.memory.height));
  layer.shapes.emplace_back(Label{.at = {sheet.sizes.margin, parts.caption_y},
                                  .text = fitted(caption, parts.memory.right() - sheet.sizes.margin,
                                                 {sheet.sizes.text}, Elide::middle, sheet.measure),
                                  .size = sheet.sizes.text,
                                  .paint = {sheet.muted()}});
}

void draw_key(const Sheet& sheet, const Parts& parts, Layer& layer) {
  const auto tables = tables_of(sheet.figure, parts.names);
  auto place = parts.legend;
  switch (parts.legend_style) {
    case LegendStyle::none:
      return;
    case LegendStyle::lines_below:
      return draw_legend_lines(sheet, place, layer);
    case LegendStyle::tables_below:
      place.y += sheet.sizes.row / 2;
      draw_tables(sheet, tables, place, layer);
      return;
    case LegendStyle::tables_right:
      break;
  }
  const auto& flame = sheet.figure.flame;
  if (flame && flame->colour == chart::BoxColour::growth && flame->growth_scale > 0) {
    const double height = growth_key_height(sheet);
    place.height -= height;
    const double y = draw_tables(sheet, tables, place, layer);
    return draw_growth_key(sheet, {place.x, y, place.width, height}, layer);
  }
  draw_tables(sheet, tables, place, layer);
}

/// Lays the page out with the names of the curves at that place. Returns nothing if they have no room there.
std::optional<Scene> lay_out_with(const Sheet& sheet, CurveNames names) {
  const auto& figure = sheet.figure;
  Scene scene{.width = sheet.page.width,
              .height = sheet.page.height,
              .paper = sheet.paper(),
              .title = figure.title};
  const auto parts = Cutter(sheet, names).cut();
  Layer frame;
  draw_heading(sheet, frame);
  draw_caption(sheet, parts, frame);
  draw_key(sheet, parts, frame);
  const bool has_strips = parts.strips.height > 0;
  const bool is_last = !figure.flame && !has_strips;
  draw_time_axis(sheet, parts.memory, is_last ? TickLabels::shown : TickLabels::hidden, frame);
  scene.layers.push_back(std::move(frame));
  if (!draw_memory_panel(sheet, parts.memory, names, scene)) return std::nullopt;
  if (figure.flame) draw_flame_panel(sheet, parts.flame, scene);
  const auto labels = figure.flame ? TickLabels::hidden : TickLabels::shown;
  if (has_strips) draw_strips_panel(sheet, parts.strips, labels, scene);
  return scene;
}

void draw_count_of_panels(const Sheet& sheet, const Parts& parts, std::size_t left_out,
                          Layer& layer) {
  if (left_out == 0) return;
  layer.shapes.emplace_back(Label{.at = {parts.memory.right(), parts.caption_y},
                                  .text = "+ " + std::to_string(left_out) + " more",
                                  .size = sheet.sizes.text,
                                  .anchor = Anchor::right,
                                  .paint = {sheet.muted()}});
}

/// Lays out the small charts of a figure.
Scene lay_out_panels(const Sheet& sheet) {
  const auto& figure = sheet.figure;
  Scene scene{.width = sheet.page.width,
              .height = sheet.page.height,
              .paper = sheet.paper(),
              .title = figure.title};
  auto parts = Cutter(sheet, CurveNames::in_legend).cut();
  Layer frame;
  draw_heading(sheet, frame);
  draw_caption(sheet, parts, frame);
  const auto hidden = figure.panels.size() - panels_with_room(sheet, parts.memory);
  draw_count_of_panels(sheet, parts, hidden + figure.panels_left_out, frame);
  scene.layers.push_back(std::move(frame));
  draw_panels(sheet, parts.memory, scene);
  return scene;
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
  for (const auto& strip : figure.strips) {
    constexpr double level_row = 40;
    if (!strip.levels.empty()) page.height += level_row;
  }
  if (!figure.panels.empty()) {
    constexpr double heading = 130;
    page.height = std::clamp(heading + natural_panels_height(figure, width), height, most_height);
  }
  return page;
}

Scene lay_out(const chart::Figure& figure, const Page& page, const TextMeasure& measure) {
  const Sheet sheet{figure, page, measure, Sizes::of(page)};
  if (!figure.panels.empty()) return lay_out_panels(sheet);
  if (wants_end_labels(sheet)) {
    if (auto scene = lay_out_with(sheet, CurveNames::at_ends)) return std::move(*scene);
  }
  return *lay_out_with(sheet, CurveNames::in_legend);
}

}  // namespace mprofpp::render
