#include "mprofpp/render/detail/memory_panel.hpp"

#include <algorithm>
#include <cmath>

#include "mprofpp/base/text.hpp"
#include "mprofpp/render/detail/end_labels.hpp"
#include "mprofpp/render/detail/event_ticks.hpp"
#include "mprofpp/render/detail/label_placer.hpp"

namespace mprofpp::render {
namespace {

constexpr double tick_gap = 8;  // between an axis and its labels

// half heights of brackets: of a call that makes no calls, more for each level within, at most
constexpr double low_bracket = 7;
constexpr double bracket_step = 3;
constexpr double high_bracket = 13;

/// Returns the distance from a curve up to a text that no bracket on the curve reaches.
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
  return chart::time_ticks(sheet.figure.time, ticks_for(width, sheet.sizes.text * 9),
                           sheet.figure.axis);
}

bool is_clock(const chart::Figure& figure) {
  return figure.axis.kind == chart::TimeAxis::Kind::clock;
}

/// Returns true if all that is known is one value at one time.
bool is_single_sample(const chart::Figure& figure) {
  return figure.time.length() == 0 && figure.memory.length() == 0;
}

constexpr double step_gap = 7;  // pixels between a step of a curve and its arrow

// pixels that a mark needs if all marks are to have a label
constexpr double room_of_mark = 40;

/// Draws the panel.
class MemoryPanel {
 public:
  MemoryPanel(const Sheet& sheet, Rect plot, CurveNames names)
      : sheet_(sheet),
        plot_(plot),
        names_(names),
        memory_(shown_memory(sheet, plot.height)),
        x_{shown_time(sheet.figure), plot.x, plot.right()},
        y_{memory_, plot.bottom(), plot.y},
        placer_(sheet, plot),
        labelled_flags_(labelled_flags()) {}

  /// Returns false if a curve has no name.
  bool draw(Scene& scene) {
    Layer axes;
    if (is_single_sample(sheet_.figure))
      draw_cross(axes);
    else
      draw_axis(axes);
    Layer inside{.clip = Rect{plot_.x - 1, plot_.y, plot_.width + 2, plot_.height + 1}};
    for (const auto& area : sheet_.figure.areas) draw_area(area, inside);
    draw_flag_lines(inside);
    for (const auto& marks : sheet_.figure.leaks) {
      draw_interval(marks, inside);
      draw_floors(marks, inside);
    }
    for (const auto& curve : sheet_.figure.curves) draw_curve(curve, inside);
    for (const auto& trend : sheet_.figure.trends) draw_trend(trend, inside);
    for (const auto& marks : sheet_.figure.leaks) draw_leak(marks, inside);
    for (const auto& level : sheet_.figure.levels) draw_level(level, inside);
    for (const auto& bracket : sheet_.figure.brackets) draw_bracket(bracket, inside);
    Layer events;
    draw_events(sheet_, plot_, x_, events);
    Layer labels;
    const bool has_names = draw_labels(labels);
    scene.layers.push_back(std::move(axes));
    scene.layers.push_back(std::move(inside));
    scene.layers.push_back(std::move(events));
    scene.layers.push_back(std::move(labels));
    return has_names;
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
    if (memory_.low > 0) draw_break(layer);
  }

  /// Draws a zigzag at the foot of the memory axis: it does not start at zero.
  void draw_break(Layer& layer) const {
    constexpr double half = 4;
    constexpr double step = 3.5;
    const double x = plot_.x;
    double y = plot_.bottom();
    std::vector<Dot> line = {{x, y}};
    for (const double side : {-half, half, -half, half, 0.0}) line.push_back({x + side, y -= step});
    line.push_back({x, y - step});
    layer.shapes.emplace_back(Path{.lines = {line},
                                   .pen = {{sheet_.muted()}, 1.2},
                                   .tooltip = "The axis does not start at zero."});
  }

  /// Draws lines from the point of a single sample towards both axes. They have no ticks, because one sample
  /// has no range.
  void draw_cross(Layer& layer) const {
    const auto at = dot({sheet_.figure.time.low, sheet_.figure.memory.low});
    layer.shapes.emplace_back(Path{.lines = {{{plot_.x, at.y}, {plot_.right(), at.y}},
                                             {{at.x, plot_.y}, {at.x, plot_.bottom()}}},
                                   .pen = {{sheet_.grid()}, 0.8}});
  }

  void draw_area(const chart::Area& area, Layer& layer) {
    Polygon polygon{.corners = dots(area.upper),
                    .fill = {sheet_.colour(area.hue), area.opacity},
                    .tooltip = area.tooltip};
    const auto below = dots(area.lower);
    placer_.avoid(polygon.corners);
    placer_.avoid(below);
    polygon.corners.insert(polygon.corners.end(), below.rbegin(), below.rend());
    layer.shapes.emplace_back(std::move(polygon));
    const bool is_dashed = area.dash == chart::Dash::dashed;
    const double opacity = is_dashed ? 1.0 : 0.6;
    const double width = is_dashed ? area_edge : fine_line;
    layer.shapes.emplace_back(
        Path{.lines = upper_edge(area),
             .pen = {{sheet_.colour(area.hue), opacity}, width, dashes_of(area.dash)}});
  }

  /// Returns the lines along the top of an area. Where a layer below starts or ends, it has no vertical line.
  std::vector<std::vector<Dot>> upper_edge(const chart::Area& area) const {
    std::vector<std::vector<Dot>> lines;
    for (std::size_t i = 0; i < area.upper.size(); ++i) {
      const bool is_jump = i > 0 && area.upper[i].seconds == area.upper[i - 1].seconds;
      if (i == 0 || is_jump) lines.emplace_back();
      lines.back().push_back(dot(area.upper[i]));
    }
    return lines;
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

  void draw_trend(const chart::Trend& trend, Layer& layer) {
    const std::vector<Dot> line = {dot(trend.from), dot(trend.to)};
    placer_.avoid(line);
    layer.shapes.emplace_back(
        Path{.lines = {line}, .pen = {{sheet_.colour(trend.hue), 0.9}, 1.1, {1, 4}}});
  }

  /// Draws the 95 % interval of the line through the floors.
  void draw_interval(const chart::LeakMarks& marks, Layer& layer) const {
    if (marks.upper.empty()) return;
    constexpr double opacity = 0.16;
    Polygon polygon{.corners = dots(marks.upper),
                    .fill = {sheet_.colour(marks.hue), opacity},
                    .tooltip = marks.tooltip};
    const auto below = dots(marks.lower);
    polygon.corners.insert(polygon.corners.end(), below.rbegin(), below.rend());
    layer.shapes.emplace_back(std::move(polygon));
  }

  void draw_leak(const chart::LeakMarks& marks, Layer& layer) {
    const Paint paint = {sheet_.colour(marks.hue)};
    if (!marks.line.empty()) {
      const auto line = dots(marks.line);
      placer_.avoid(line);
      layer.shapes.emplace_back(Path{.lines = {line}, .pen = {{sheet_.paper(), 0.75}, 3.4}});
      layer.shapes.emplace_back(Path{
          .lines = {line}, .pen = {paint, 1.6, dashes_of(marks.dash)}, .tooltip = marks.tooltip});
    }
    for (const auto& step : marks.steps) draw_step(step, paint, layer);
  }

  /// Draws the floors below the curve, and broader, so that they are visible where it runs along them.
  void draw_floors(const chart::LeakMarks& marks, Layer& layer) {
    constexpr double between = 2;
    Path path{.lines = {},
              .pen = {{sheet_.colour(marks.hue), 0.45}, 6},
              .tooltip = "the least memory in each stretch of time"};
    for (const auto& floor : marks.floors) {
      const double y = y_(floor.mib);
      const double left = x_(floor.from) + between / 2;
      path.lines.push_back({{left, y}, {std::max(left + 1, x_(floor.to) - between / 2), y}});
      placer_.avoid(path.lines.back());
    }
    if (!path.lines.empty()) layer.shapes.emplace_back(std::move(path));
  }

  /// Draws an arrow from the memory before the step to that after it, right of the curve.
  void draw_step(const chart::StepMark& step, const Paint& paint, Layer& layer) {
    constexpr double reach = 3.5;
    const Dot top = {x_(step.seconds) + step_gap, y_(step.to_mib)};
    const Dot bottom = {top.x, y_(step.from_mib)};
    Path path{.lines = {{bottom, top},
                        {{top.x - reach, top.y + reach}, top, {top.x + reach, top.y + reach}}},
              .pen = {paint, 1.5},
              .tooltip = "a step of " + step.label};
    for (const auto& line : path.lines) placer_.keep_clear_of(line);
    layer.shapes.emplace_back(std::move(path));
  }

  void draw_level(const chart::Level& level, Layer& layer) {
    if (level.place == chart::Level::Place::above_chart) return;
    const double y = y_(level.mib);
    const std::vector<Dot> line = {{plot_.x, y}, {plot_.right(), y}};
    placer_.avoid(line);
    layer.shapes.emplace_back(Path{.lines = {line}, .pen = pen_of(level.kind)});
  }

  Pen pen_of(chart::Level::Kind kind) const {
    switch (kind) {
      case chart::Level::Kind::limit:
        return {{sheet_.ink(), 0.7}, 1.2, {8, 3}};
      case chart::Level::Kind::expected:
        return {{sheet_.colour({chart::Hue::Role::leak})}, 1.2, {5, 3}};
      case chart::Level::Kind::kernel_peak:
        break;
    }
    return {{sheet_.ink()}, 1.0, {2, 4}};
  }

  /// Chooses the flags that get a label: all, or if they are too many, those with room for it before the line
  /// of the next one.
  std::vector<bool> labelled_flags() const {
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
    for (std::size_t i = 0; i < labelled_flags_.size(); ++i) {
      const auto& flag = sheet_.figure.flags[i];
      const bool has_label = labelled_flags_[i];
      const double x = x_(flag.seconds);
      const double top = has_label ? plot_.y : plot_.bottom() - notch;
      const std::vector<Dot> line = {{x, top}, {x, plot_.bottom()}};
      if (has_label) placer_.keep_clear_of(line);
      const auto dashes = has_label ? std::vector<double>{3, 3} : std::vector<double>{};
      layer.shapes.emplace_back(
          Path{.lines = {line}, .pen = {{sheet_.muted(), 0.8}, 1, dashes}, .tooltip = flag.text});
    }
  }

  void draw_bracket(const chart::Bracket& bracket, Layer& layer) {
    // a call and the first call in it often start together: both must be visible
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
    // a pair closer than its own serifs would look like a box
    const double inwards = std::min(serif, std::max(1.0, (closing.x - opening.x) / 3));
    Path path{.lines = {side(opening, inwards)},
              .pen = {{sheet_.colour(bracket.hue)}, 1.6},
              .tooltip = bracket.tooltip};
    if (!bracket.is_open) path.lines.push_back(side(closing, -inwards));
    for (const auto& line : path.lines) placer_.keep_clear_of(line);
    layer.shapes.emplace_back(std::move(path));
  }

  bool draw_labels(Layer& layer) {
    const auto& figure = sheet_.figure;
    if (is_single_sample(figure)) {
      draw_single_sample(layer);
      return true;
    }
    for (const auto& peak : figure.peaks) occupy_peak(peak);
    for (const auto& peak : figure.peaks) label_peak(peak, layer);
    for (const auto& marks : figure.leaks) label_leak(marks, layer);
    const bool has_names = names_ == CurveNames::in_legend || name_curves(layer);
    for (const auto& level : figure.levels) label_level(level, layer);
    for (std::size_t i = 0; i < figure.flags.size(); ++i) {
      if (labelled_flags_[i]) label_flag(figure.flags[i], layer);
    }
    return has_names;
  }

  bool name_curves(Layer& layer) {
    const EndLabels ends(sheet_, plot_, x_, y_);
    ends.draw_right_of_plot(layer);
    return ends.draw_inside(placer_, layer);
  }

  /// Draws the point of a single sample with its value in large letters and its time below.
  void draw_single_sample(Layer& layer) const {
    if (sheet_.figure.peaks.empty()) return;
    const auto& peak = sheet_.figure.peaks.front();
    const auto at = dot(peak.at);
    constexpr double radius = 5;
    const double left = at.x + 2.5 * radius;
    const auto colour = sheet_.colour(peak.hue);
    layer.shapes.emplace_back(Circle{at, radius, {colour}, Pen{{sheet_.paper()}, 1.2}});
    if (peak.labels.empty()) return;
    const auto& value = peak.labels.back();
    const auto time = peak.labels.front().substr(value.size());
    layer.shapes.emplace_back(Label{.at = {left, at.y - 2 * radius},
                                    .text = value,
                                    .size = sheet_.sizes.title,
                                    .weight = TextWeight::bold,
                                    .paint = {colour}});
    layer.shapes.emplace_back(Label{.at = {left, at.y + 2 * radius + 0.7 * sheet_.sizes.text},
                                    .text = std::string(trim(time)),
                                    .size = sheet_.sizes.text,
                                    .paint = {sheet_.muted()}});
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
    // the highest peak has a label, whatever that hides
    const bool is_first = &peak == &sheet_.figure.peaks.front();
    const auto colour = sheet_.colour(peak.hue);
    layer.shapes.emplace_back(
        Circle{at, is_heavy ? 3.5 : 2.5, {colour}, Pen{{sheet_.paper()}, 1.2}});
    if (!is_heavy && names_ == CurveNames::at_ends) return;  // the name at its end has the value
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
    LabelPlacer::LabelRequest request{peak.labels, spots, colour, 0};
    if (placer_.place(request, layer) || !is_first) return;
    request.most_crossed = 2;
    placer_.place(request, layer);
  }

  /// Writes the rate next to the line, on the side where the curve is not, and the sizes next to the steps.
  void label_leak(const chart::LeakMarks& marks, Layer& layer) {
    const auto colour = sheet_.colour(marks.hue);
    if (!marks.line.empty() && !marks.labels.empty()) {
      placer_.place({marks.labels, spots_along(marks.line), colour, 0.3}, layer);
    }
    for (const auto& step : marks.steps) {
      const double x = x_(step.seconds) + step_gap;
      const double y = (y_(step.from_mib) + y_(step.to_mib)) / 2 + 0.36 * sheet_.sizes.text;
      const std::vector<Spot> spots = {
          {{x + 7, y}, Anchor::left},
          {{x - 7, y}, Anchor::right},
          {{x, y_(step.from_mib) + 1.4 * sheet_.sizes.text}, Anchor::middle}};
      const std::vector<std::string> labels = {step.label};
      placer_.place({labels, spots, colour, 0.6}, layer);
    }
  }

  /// Returns places below and above a line, those near its middle first.
  std::vector<Spot> spots_along(const std::vector<chart::Point>& line) const {
    const auto from = dot(line.front());
    const auto to = dot(line.back());
    std::vector<Spot> spots;
    for (const double distance : {1.6, 2.6, 4.0}) {
      for (const double share : {0.5, 0.65, 0.35, 0.8, 0.2}) {
        const Dot at = {std::lerp(from.x, to.x, share), std::lerp(from.y, to.y, share)};
        const double away = distance * sheet_.sizes.text;
        spots.push_back({{at.x + 6, at.y + away}, Anchor::left});
        spots.push_back({{at.x - 6, at.y - away + 0.7 * sheet_.sizes.text}, Anchor::right});
      }
    }
    return spots;
  }

  void label_level(const chart::Level& level, Layer& layer) {
    if (level.place == chart::Level::Place::above_chart) return label_limit_above(level, layer);
    if (!memory_.contains(level.mib)) return;
    const double y = y_(level.mib);
    constexpr double distance = 3.5;  // the placer would otherwise see the text on the line
    const double above = y - distance - 0.25 * sheet_.sizes.text;
    const double below = y + distance + 0.95 * sheet_.sizes.text;
    const std::vector<Spot> spots = {{{plot_.right() - 4, above}, Anchor::right},
                                     {{plot_.x + 4, above}, Anchor::left},
                                     {{plot_.x + plot_.width / 2, above}, Anchor::middle},
                                     {{plot_.right() - 4, below}, Anchor::right},
                                     {{plot_.x + 4, below}, Anchor::left}};
    const bool is_expected = level.kind == chart::Level::Kind::expected;
    const auto colour = is_expected ? sheet_.colour({chart::Hue::Role::leak}) : sheet_.ink();
    placer_.place({level.labels, spots, colour, 0.25}, layer);
  }

  /// Names a limit that is above the chart, at the upper edge.
  void label_limit_above(const chart::Level& level, Layer& layer) {
    const double y = plot_.y + sheet_.sizes.text;
    const std::vector<Spot> spots = {{{plot_.right() - 4, y}, Anchor::right},
                                     {{plot_.x + 4, y}, Anchor::left},
                                     {{plot_.x + plot_.width / 2, y}, Anchor::middle}};
    placer_.place({level.labels, spots, sheet_.muted(), 1.0}, layer);
  }

  void label_flag(const chart::Flag& flag, Layer& layer) {
    if (!x_.data.contains(flag.seconds)) return;
    const double x = x_(flag.seconds);
    const auto longest =
        fitted(flag.text, plot_.width * 0.6, {sheet_.sizes.text}, Elide::end, sheet_.measure);
    const std::vector<std::string> texts = {longest, flag_text(flag)};
    if (texts.back().empty()) return;
    std::vector<Spot> spots;
    for (int line = 1; line <= 8; ++line) {
      const double y = plot_.y + line * sheet_.sizes.row * 0.85;
      spots.push_back({{x + 4, y}, Anchor::left});
      spots.push_back({{x - 4, y}, Anchor::right});
    }
    placer_.place({texts, spots, sheet_.muted(), 0}, layer);
  }

  const Sheet& sheet_;
  Rect plot_;
  CurveNames names_;
  chart::Range memory_;
  Scale x_;
  Scale y_;
  LabelPlacer placer_;
  std::vector<bool> labelled_flags_;
};

}  // namespace

chart::Range shown_time(const chart::Figure& figure) {
  if (figure.time.length() > 0) return figure.time;
  // a single moment is in the middle
  return {figure.time.low - 0.5, figure.time.low + 0.5};
}

chart::Range shown_memory(const Sheet& sheet, double height) {
  auto range = sheet.figure.memory;
  if (!std::isfinite(range.low) || !std::isfinite(range.high)) return {0, 1};
  if (is_single_sample(sheet.figure)) return {range.low - 1, range.low + 1};
  if (chart::starts_at_zero(range))
    range.low = std::min(range.low, 0.0);
  else
    range.low -= 0.1 * range.length();
  if (!(range.length() > 0)) range.high = range.low + 1;
  const double label = sheet.sizes.row + (sheet.figure.brackets.empty() ? 12 : 16);
  range.high += range.length() * std::min(0.5, label / std::max(height - label, label));
  if (range.low < 0) range.low -= 0.04 * range.length();
  return range;
}

AxisStart axis_start(const Sheet& sheet, double height) {
  const bool is_above = shown_memory(sheet, height).low > 0 && !is_single_sample(sheet.figure);
  return is_above ? AxisStart::above_zero : AxisStart::zero;
}

double time_axis_height(const Sheet& sheet) {
  const double line = sheet.sizes.text + 8;
  return is_clock(sheet.figure) && !is_single_sample(sheet.figure) ? line + sheet.sizes.row * 0.8
                                                                   : line;
}

double memory_axis_width(const Sheet& sheet, double height) {
  if (is_single_sample(sheet.figure)) return 0;
  double width = is_clock(sheet.figure) ? 0 : sheet.width(sheet.figure.time_name);
  for (const auto& tick : ticks_of_memory(sheet, shown_memory(sheet, height), height)) {
    width = std::max(width, sheet.width(tick.text));
  }
  return width + tick_gap;
}

void draw_time_name(const Sheet& sheet, Rect plot, double baseline, Layer& layer) {
  const bool is_date = is_clock(sheet.figure);
  const Dot below = {plot.x - 4, baseline + sheet.sizes.row * 0.8};
  layer.shapes.emplace_back(Label{.at = is_date ? below : Dot{plot.x - tick_gap, baseline},
                                  .text = sheet.figure.time_name,
                                  .size = sheet.sizes.text,
                                  .anchor = is_date ? Anchor::left : Anchor::right,
                                  .paint = {sheet.muted()}});
}

void draw_time_axis(const Sheet& sheet, Rect plot, TickLabels labels, Layer& layer) {
  if (is_single_sample(sheet.figure)) return;
  const Scale x{shown_time(sheet.figure), plot.x, plot.right()};
  const double baseline = plot.bottom() + tick_gap + sheet.sizes.text * 0.8;
  for (const auto& tick : ticks_of_time(sheet, plot.width)) {
    const double place = x(tick.value);
    layer.shapes.emplace_back(
        Path{.lines = {{{place, plot.y}, {place, plot.bottom()}}}, .pen = {{sheet.grid()}, 0.8}});
    if (labels == TickLabels::hidden) continue;
    const double half = sheet.width(tick.text) / 2;
    // left of the plot is the name of the axis, right of it the edge of the page
    const double least = plot.x - 4 + half;
    const double inside = std::clamp(place, least, std::max(least, sheet.page.width - half - 2));
    layer.shapes.emplace_back(Label{.at = {inside, baseline},
                                    .text = tick.text,
                                    .size = sheet.sizes.text,
                                    .anchor = Anchor::middle,
                                    .paint = {sheet.muted()}});
  }
  if (labels == TickLabels::shown) draw_time_name(sheet, plot, baseline, layer);
}

bool draw_memory_panel(const Sheet& sheet, Rect plot, CurveNames names, Scene& scene) {
  return MemoryPanel(sheet, plot, names).draw(scene);
}

}  // namespace mprofpp::render
