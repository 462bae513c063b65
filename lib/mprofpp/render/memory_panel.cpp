#include "mprofpp/render/memory_panel.hpp"

#include <algorithm>
#include <cmath>

#include "mprofpp/render/labels.hpp"

namespace mprofpp::render {
namespace {

constexpr double tick_gap = 8;  // between an axis and its texts

// half the heights of brackets: of a call that makes none, more for each level within, the tallest
constexpr double low_bracket = 7;
constexpr double bracket_step = 3;
constexpr double high_bracket = 13;

/// From a point of a curve up to a text that no bracket on the curve reaches.
double above_brackets(const Sheet& sheet) {
  return high_bracket + 0.5 * sheet.sizes.text;
}

int ticks_for(double length, double each) {
  return std::max(2, static_cast<int>(length / each));
}

std::vector<chart::Tick> ticks_of_memory(const Sheet& sheet, chart::Range range, double height) {
  return chart::memory_ticks(range, ticks_for(height, sheet.sizes.row * 3));
}

std::vector<chart::Tick> ticks_of_time(const Sheet& sheet, double width) {
  return chart::time_ticks(shown_time(sheet.figure), ticks_for(width, sheet.sizes.text * 9),
                           sheet.figure.axis);
}

// pixels a mark needs if all are to have words
constexpr double room_of_mark = 40;

/// The panel while it is drawn.
class MemoryPanel {
 public:
  MemoryPanel(const Sheet& sheet, Rect plot)
      : sheet_(sheet),
        plot_(plot),
        memory_(shown_memory(sheet, plot.height)),
        x_{shown_time(sheet.figure), plot.x, plot.right()},
        y_{memory_, plot.bottom(), plot.y},
        placer_(sheet, plot),
        flags_with_words_(flags_with_words()) {}

  void draw(Scene& scene) {
    Layer axes;
    draw_axis(axes);
    Layer inside{.clip = Rect{plot_.x - 1, plot_.y, plot_.width + 2, plot_.height + 1}};
    for (const auto& area : sheet_.figure.areas) draw_area(area, inside);
    draw_flag_lines(inside);
    for (const auto& curve : sheet_.figure.curves) draw_curve(curve, inside);
    for (const auto& trend : sheet_.figure.trends) draw_trend(trend, inside);
    for (const auto& level : sheet_.figure.levels) draw_level(level, inside);
    for (const auto& bracket : sheet_.figure.brackets) draw_bracket(bracket, inside);
    Layer words;
    draw_labels(words);
    scene.layers.push_back(std::move(axes));
    scene.layers.push_back(std::move(inside));
    scene.layers.push_back(std::move(words));
  }

 private:
  Dot dot(chart::Point point) const { return {x_(point.seconds), y_(point.mib)}; }

  std::vector<Dot> dots(const chart::Stroke& stroke) const {
    std::vector<Dot> line;
    line.reserve(stroke.size());
    for (const auto& point : stroke) line.push_back(dot(point));
    return line;
  }

  void draw_axis(Layer& layer) {
    layer.shapes.emplace_back(
        Path{.lines = {{{plot_.x, plot_.bottom()}, {plot_.right(), plot_.bottom()}}},
             .pen = {{sheet_.grid()}, 0.8}});
    for (const auto& tick : ticks_of_memory(sheet_, memory_, plot_.height)) {
      const double y = y_(tick.value);
      const bool is_zero = tick.value == 0;
      layer.shapes.emplace_back(
          Path{.lines = {{{plot_.x, y}, {plot_.right(), y}}},
               .pen = {{is_zero ? sheet_.muted() : sheet_.grid()}, is_zero ? 1.0 : 0.8}});
      layer.shapes.emplace_back(Label{.at = {plot_.x - tick_gap, y + sheet_.sizes.text * 0.36},
                                      .text = tick.text,
                                      .size = sheet_.sizes.text,
                                      .anchor = Anchor::right,
                                      .paint = {sheet_.muted()}});
    }
  }

  void draw_area(const chart::Area& area, Layer& layer) const {
    Polygon polygon{.corners = dots(area.upper),
                    .fill = {sheet_.colour(area.hue), area.opacity},
                    .tooltip = area.tooltip};
    const auto below = dots(area.lower);
    polygon.corners.insert(polygon.corners.end(), below.rbegin(), below.rend());
    layer.shapes.emplace_back(std::move(polygon));
    const bool is_dashed = area.dash == chart::Dash::dashed;
    const double opacity = is_dashed ? 1.0 : 0.6;
    const double width = is_dashed ? area_edge : fine_line;
    layer.shapes.emplace_back(
        Path{.lines = {dots(area.upper)},
             .pen = {{sheet_.colour(area.hue), opacity}, width, dashes_of(area.dash)}});
  }

  void draw_curve(const chart::Curve& curve, Layer& layer) {
    const bool is_heavy = curve.weight == chart::Weight::heavy;
    const bool is_filled = is_heavy && memory_.low <= 0 && curve.hue.role == chart::Hue::Role::ink;
    Path path{.lines = {},
              .pen = {{sheet_.colour(curve.hue)}, width_of(curve.weight), dashes_of(curve.dash)},
              .tooltip = curve.tooltip};
    for (const auto& stroke : curve.strokes) {
      auto line = dots(stroke);
      if (is_filled && line.size() > 1) fill_below(line, layer);
      if (line.size() == 1) draw_spot(line[0], path.pen, layer);
      placer_.avoid(line);
      path.lines.push_back(std::move(line));
    }
    layer.shapes.emplace_back(std::move(path));
  }

  void fill_below(const std::vector<Dot>& line, Layer& layer) const {
    Polygon polygon{.corners = line, .fill = {sheet_.ink(), 0.05}};
    polygon.corners.push_back({line.back().x, y_(0)});
    polygon.corners.push_back({line.front().x, y_(0)});
    layer.shapes.emplace_back(std::move(polygon));
  }

  static void draw_spot(Dot at, const Pen& pen, Layer& layer) {
    layer.shapes.emplace_back(Circle{at, pen.width + 0.7, pen.paint});
  }

  void draw_trend(const chart::Trend& trend, Layer& layer) const {
    layer.shapes.emplace_back(Path{.lines = {{dot(trend.from), dot(trend.to)}},
                                   .pen = {{sheet_.colour(trend.hue), 0.9}, 1.1, {1, 4}}});
  }

  void draw_level(const chart::Level& level, Layer& layer) const {
    const double y = y_(level.mib);
    layer.shapes.emplace_back(
        Path{.lines = {{{plot_.x, y}, {plot_.right(), y}}}, .pen = {{sheet_.ink()}, 1, {2, 4}}});
  }

  /// All, or of too many those between whose lines there is room for their words.
  std::vector<bool> flags_with_words() const {
    const auto& flags = sheet_.figure.flags;
    std::vector<bool> chosen(flags.size(), true);
    if (static_cast<double>(flags.size()) * room_of_mark <= plot_.width) return chosen;
    double free_from = plot_.x;
    for (std::size_t i = 0; i < flags.size(); ++i) {
      const double x = x_(flags[i].seconds);
      chosen[i] = x >= free_from;
      if (chosen[i]) free_from = x + sheet_.width(flag_text(flags[i])) + 10;
    }
    return chosen;
  }

  std::string flag_text(const chart::Flag& flag) const {
    return fitted(flag.text, plot_.width / 4, {sheet_.sizes.text}, Elide::end, sheet_.measure);
  }

  void draw_flag_lines(Layer& layer) {
    constexpr double notch = 6;
    for (std::size_t i = 0; i < flags_with_words_.size(); ++i) {
      const auto& flag = sheet_.figure.flags[i];
      const bool has_words = flags_with_words_[i];
      const double x = x_(flag.seconds);
      const double top = has_words ? plot_.y : plot_.bottom() - notch;
      const std::vector<Dot> line = {{x, top}, {x, plot_.bottom()}};
      if (has_words) placer_.keep_clear_of(line);
      const auto dashes = has_words ? std::vector<double>{3, 3} : std::vector<double>{};
      layer.shapes.emplace_back(
          Path{.lines = {line}, .pen = {{sheet_.muted(), 0.8}, 1, dashes}, .tooltip = flag.text});
    }
  }

  void draw_bracket(const chart::Bracket& bracket, Layer& layer) {
    // a call and the first that it makes often begin together: both must be seen
    const double half =
        std::clamp(low_bracket + bracket_step * bracket.levels_within, low_bracket, high_bracket);
    constexpr double serif = 4;
    const auto side = [half](Dot at, double inwards) {
      return std::vector<Dot>{{at.x + inwards, at.y - half},
                              {at.x, at.y - half},
                              {at.x, at.y + half},
                              {at.x + inwards, at.y + half}};
    };
    const auto opening = dot(bracket.opening);
    const auto closing = dot(bracket.closing);
    // a pair closer than its own serifs would read as a box
    const double inwards = std::min(serif, std::max(1.0, (closing.x - opening.x) / 3));
    Path path{.lines = {side(opening, inwards)},
              .pen = {{sheet_.colour(bracket.hue)}, 1.6},
              .tooltip = bracket.tooltip};
    if (!bracket.is_open) path.lines.push_back(side(closing, -inwards));
    for (const auto& line : path.lines) placer_.keep_clear_of(line);
    layer.shapes.emplace_back(std::move(path));
  }

  void draw_labels(Layer& layer) {
    const auto& figure = sheet_.figure;
    for (const auto& peak : figure.peaks) occupy_peak(peak);
    for (const auto& peak : figure.peaks) label_peak(peak, layer);
    for (const auto& level : figure.levels) label_level(level, layer);
    for (std::size_t i = 0; i < figure.flags.size(); ++i) {
      if (flags_with_words_[i]) label_flag(figure.flags[i], layer);
    }
  }

  bool is_shown(chart::Point point) const {
    return x_.data.contains(point.seconds) && memory_.contains(point.mib);
  }

  void occupy_peak(const chart::Peak& peak) {
    constexpr double reach = 3;
    if (!is_shown(peak.at)) return;
    const auto at = dot(peak.at);
    placer_.occupy({at.x - reach, at.y - reach, 2 * reach, 2 * reach});
  }

  void label_peak(const chart::Peak& peak, Layer& layer) {
    if (!is_shown(peak.at)) return;
    const auto at = dot(peak.at);
    const bool is_heavy = peak.weight == chart::Weight::heavy;
    // the highest is told whatever it hides
    const bool is_first = &peak == &sheet_.figure.peaks.front();
    const auto colour = sheet_.colour(peak.hue);
    layer.shapes.emplace_back(
        Circle{at, is_heavy ? 3.5 : 2.5, {colour}, Pen{{sheet_.paper()}, 1.2}});
    const double size = sheet_.sizes.text;
    const double above = at.y - size * (is_heavy ? 0.95 : 0.6);
    const double higher = at.y - above_brackets(sheet_);
    const double beside = at.y + size * 0.36;
    const double below = at.y + size * 1.6;
    const std::vector<Spot> spots = {
        {{at.x, above}, Anchor::middle},    {{at.x, above}, Anchor::left},
        {{at.x, above}, Anchor::right},     {{at.x, higher}, Anchor::middle},
        {{at.x, higher}, Anchor::left},     {{at.x, higher}, Anchor::right},
        {{at.x + 8, beside}, Anchor::left}, {{at.x - 8, beside}, Anchor::right},
        {{at.x + 8, below}, Anchor::left},  {{at.x - 8, below}, Anchor::right}};
    placer_.place({.texts = peak.texts,
                   .spots = spots,
                   .colour = colour,
                   .most_crossed = is_first ? 2.0 : 0.25},
                  layer);
  }

  void label_level(const chart::Level& level, Layer& layer) {
    if (!memory_.contains(level.mib)) return;
    const double y = y_(level.mib);
    const double above = y - 4;
    const double below = y + sheet_.sizes.text + 2;
    const std::vector<Spot> spots = {{{plot_.right() - 4, above}, Anchor::right},
                                     {{plot_.x + 4, above}, Anchor::left},
                                     {{plot_.x + plot_.width / 2, above}, Anchor::middle},
                                     {{plot_.right() - 4, below}, Anchor::right},
                                     {{plot_.x + 4, below}, Anchor::left}};
    placer_.place({level.texts, spots, sheet_.ink()}, layer);
  }

  void label_flag(const chart::Flag& flag, Layer& layer) {
    if (!x_.data.contains(flag.seconds)) return;
    const double x = x_(flag.seconds);
    const auto text = flag_text(flag);
    if (text.empty()) return;
    std::vector<Spot> spots;
    for (int line = 1; line <= 4; ++line) {
      const double y = plot_.y + line * sheet_.sizes.row * 0.85;
      spots.push_back({{x + 4, y}, Anchor::left});
      spots.push_back({{x - 4, y}, Anchor::right});
    }
    placer_.place({std::span(&text, 1), spots, sheet_.muted()}, layer);
  }

  const Sheet& sheet_;
  Rect plot_;
  chart::Range memory_;
  Scale x_;
  Scale y_;
  LabelPlacer placer_;
  std::vector<bool> flags_with_words_;
};

}  // namespace

chart::Range shown_time(const chart::Figure& figure) {
  if (figure.time.length() > 0) return figure.time;
  return {figure.time.low, figure.time.low + 1};
}

chart::Range shown_memory(const Sheet& sheet, double height) {
  auto range = sheet.figure.memory;
  if (!std::isfinite(range.low) || !std::isfinite(range.high)) return {0, 1};
  const double reach = std::max(std::abs(range.high), std::abs(range.low));
  // curves that vary by less than a quarter would be flat lines above an empty chart
  const bool is_far_from_zero = range.low > 0.75 * range.high && range.length() > 1e-4 * reach;
  if (is_far_from_zero)
    range.low -= 0.1 * range.length();
  else
    range.low = std::min(range.low, 0.0);
  if (!(range.length() > 0)) range.high = range.low + 1;
  const double words = sheet.sizes.row + (sheet.figure.brackets.empty() ? 12 : 16);
  range.high += range.length() * std::min(0.5, words / std::max(height - words, words));
  if (range.low < 0) range.low -= 0.04 * range.length();
  return range;
}

double memory_axis_width(const Sheet& sheet, double height) {
  double width = sheet.width(sheet.figure.time_name);
  for (const auto& tick : ticks_of_memory(sheet, shown_memory(sheet, height), height)) {
    width = std::max(width, sheet.width(tick.text));
  }
  return width + tick_gap;
}

void draw_time_axis(const Sheet& sheet, Rect plot, TickTexts texts, Layer& layer) {
  const Scale x{shown_time(sheet.figure), plot.x, plot.right()};
  const double baseline = plot.bottom() + tick_gap + sheet.sizes.text * 0.8;
  for (const auto& tick : ticks_of_time(sheet, plot.width)) {
    const double place = x(tick.value);
    layer.shapes.emplace_back(
        Path{.lines = {{{place, plot.y}, {place, plot.bottom()}}}, .pen = {{sheet.grid()}, 0.8}});
    if (texts == TickTexts::hidden) continue;
    const double half = sheet.width(tick.text) / 2;
    // left of the plot stands the axis's name, right of it the page ends
    const double least = plot.x - 4 + half;
    const double inside = std::clamp(place, least, std::max(least, sheet.page.width - half - 2));
    layer.shapes.emplace_back(Label{.at = {inside, baseline},
                                    .text = tick.text,
                                    .size = sheet.sizes.text,
                                    .anchor = Anchor::middle,
                                    .paint = {sheet.muted()}});
  }
  if (texts == TickTexts::hidden) return;
  layer.shapes.emplace_back(Label{.at = {plot.x - tick_gap, baseline},
                                  .text = sheet.figure.time_name,
                                  .size = sheet.sizes.text,
                                  .anchor = Anchor::right,
                                  .paint = {sheet.muted()}});
}

void draw_memory_panel(const Sheet& sheet, Rect plot, Scene& scene) {
  MemoryPanel(sheet, plot).draw(scene);
}

}  // namespace mprofpp::render
