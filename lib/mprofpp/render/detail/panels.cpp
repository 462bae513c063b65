#include "mprofpp/render/detail/panels.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <string>

#include "mprofpp/render/detail/memory_panel.hpp"

namespace mprofpp::render {
namespace {

constexpr double gap_across = 18;
constexpr double gap_down = 14;
constexpr double good_shape = 2.2;  // width of a panel for each pixel of its height
constexpr double good_width = 190;
constexpr double good_height = 96;

/// The number of columns and rows, and the size of a cell with its title.
struct PanelGrid {
  std::size_t columns = 1;
  std::size_t rows = 1;
  double width = 0;
  double height = 0;
};

PanelGrid grid_with(std::size_t count, std::size_t columns, Rect place) {
  const auto rows = (count + columns - 1) / columns;
  const auto share = [](double length, double between, std::size_t cells) {
    return (length - between * static_cast<double>(cells - 1)) / static_cast<double>(cells);
  };
  return {columns, rows, share(place.width, gap_across, columns),
          share(place.height, gap_down, rows)};
}

/// Chooses the grid whose cells are nearest to a good shape.
PanelGrid grid_for(std::size_t count, Rect place) {
  PanelGrid best;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t columns = 1; columns <= count; ++columns) {
    const auto grid = grid_with(count, columns, place);
    if (grid.width <= 0 || grid.height <= 0) continue;
    const double distance = std::abs(std::log(grid.width / grid.height / good_shape));
    // an empty row or column is worse than an odd shape
    const auto empty = static_cast<double>(grid.columns * grid.rows - count);
    const double cost = distance + 0.5 * empty / static_cast<double>(count);
    if (cost < least) best = grid;
    least = std::min(least, cost);
  }
  return best;
}

/// Returns the memory values that all panels cover: there is no label that needs room above a curve.
chart::Range panel_memory(const Sheet& sheet) {
  const auto& range = sheet.figure.memory;
  if (!std::isfinite(range.low) || !std::isfinite(range.high)) return {0, 1};
  return {std::min(range.low, 0.0), std::max(range.high, 1e-6) * 1.06};
}

class PanelsDrawer {
 public:
  PanelsDrawer(const Sheet& sheet, Rect place, Scene& scene)
      : sheet_(sheet),
        panels_(std::span(sheet.figure.panels).first(panels_with_room(sheet, place))),
        grid_(grid_for(panels_.size(), place)),
        place_(place),
        memory_(panel_memory(sheet)),
        scene_(scene) {}

  void draw() {
    for (std::size_t i = 0; i < panels_.size(); ++i) draw(panels_[i], i);
  }

 private:
  /// Returns the plot of a panel, below its title.
  Rect plot_of(std::size_t index) const {
    const auto column = static_cast<double>(index % grid_.columns);
    const std::size_t rows_above = index / grid_.columns;
    const auto row = static_cast<double>(rows_above);
    const double title = sheet_.sizes.text + 5;
    return {place_.x + column * (grid_.width + gap_across),
            place_.y + row * (grid_.height + gap_down) + title, grid_.width, grid_.height - title};
  }

  bool has_one_below(std::size_t index) const { return index + grid_.columns < panels_.size(); }

  void draw(const chart::Panel& panel, std::size_t index) {
    const auto plot = plot_of(index);
    Layer frame;
    draw_title(panel, plot, frame);
    draw_axes(plot, index, frame);
    Layer inside{.clip = Rect{plot.x - 1, plot.y - 1, plot.width + 2, plot.height + 2}};
    draw_curve(panel, plot, inside);
    scene_.layers.push_back(std::move(frame));
    scene_.layers.push_back(std::move(inside));
  }

  void draw_title(const chart::Panel& panel, Rect plot, Layer& layer) const {
    const double baseline = plot.y - 5;
    const double value = sheet_.width(panel.value);
    const auto name = fitted_name({panel.name, panel.title, panel.distinguishing_part},
                                  plot.width - value - 8, {sheet_.sizes.text}, sheet_.measure);
    layer.shapes.emplace_back(Label{.at = {plot.x, baseline},
                                    .text = name,
                                    .size = sheet_.sizes.text,
                                    .paint = {sheet_.ink()}});
    layer.shapes.emplace_back(Label{.at = {plot.right(), baseline},
                                    .text = panel.value,
                                    .size = sheet_.sizes.text,
                                    .anchor = Anchor::right,
                                    .paint = {sheet_.muted()}});
  }

  void draw_axes(Rect plot, std::size_t index, Layer& layer) const {
    const Scale y{memory_, plot.bottom(), plot.y};
    const int wanted = std::max(1, static_cast<int>(plot.height / (sheet_.sizes.row * 2.2)));
    for (const auto& tick : chart::memory_ticks(memory_, wanted)) {
      const double at = y(tick.value);
      const bool is_zero = tick.value == 0;
      layer.shapes.emplace_back(Path{.lines = {{{plot.x, at}, {plot.right(), at}}},
                                     .pen = {{is_zero ? sheet_.muted() : sheet_.grid()}, 0.8}});
      if (index % grid_.columns != 0) continue;
      layer.shapes.emplace_back(Label{.at = {plot.x - 6, at + sheet_.sizes.text * 0.36},
                                      .text = tick.text,
                                      .size = sheet_.sizes.text,
                                      .anchor = Anchor::right,
                                      .paint = {sheet_.muted()}});
    }
    if (has_one_below(index)) return;
    draw_times(plot, layer);
    if (index % grid_.columns != 0) return;
    draw_time_name(sheet_, plot, plot.bottom() + 5 + sheet_.sizes.text, layer);
  }

  /// Draws the labels of the time axis. Those at its ends do not reach into the next panel.
  void draw_times(Rect plot, Layer& layer) const {
    const Scale x{shown_time(sheet_.figure), plot.x, plot.right()};
    const int wanted = std::max(1, static_cast<int>(plot.width / (sheet_.sizes.text * 8)));
    for (const auto& tick : chart::time_ticks(sheet_.figure.time, wanted, sheet_.figure.axis)) {
      const double half = sheet_.width(tick.text) / 2;
      const double at = std::clamp(x(tick.value), plot.x, plot.right());
      layer.shapes.emplace_back(Path{.lines = {{{at, plot.bottom()}, {at, plot.bottom() + 3}}},
                                     .pen = {{sheet_.muted()}, 0.8}});
      layer.shapes.emplace_back(
          Label{.at = {std::clamp(at, plot.x + half - 4,
                                  std::max(plot.x + half - 4, plot.right() - half + 4)),
                       plot.bottom() + 5 + sheet_.sizes.text},
                .text = tick.text,
                .size = sheet_.sizes.text,
                .anchor = Anchor::middle,
                .paint = {sheet_.muted()}});
    }
  }

  void draw_curve(const chart::Panel& panel, Rect plot, Layer& layer) const {
    const Scale x{shown_time(sheet_.figure), plot.x, plot.right()};
    const Scale y{memory_, plot.bottom(), plot.y};
    const auto colour = sheet_.colour(panel.hue);
    Path path{.lines = {},
              .pen = {{colour}, light_line, dashes_of(panel.dash)},
              .tooltip = panel.tooltip};
    for (const auto& stroke : panel.strokes) {
      std::vector<Dot> line;
      for (const auto& point : stroke) line.push_back({x(point.seconds), y(point.mib)});
      if (line.size() > 1) {
        Polygon below{.corners = line, .fill = {colour, 0.14}};
        below.corners.push_back({line.back().x, y(0)});
        below.corners.push_back({line.front().x, y(0)});
        layer.shapes.emplace_back(std::move(below));
      }
      path.lines.push_back(std::move(line));
    }
    layer.shapes.emplace_back(std::move(path));
    if (!x.data.contains(panel.peak.seconds)) return;
    layer.shapes.emplace_back(Circle{{x(panel.peak.seconds), y(panel.peak.mib)}, 2, {colour}});
  }

  const Sheet& sheet_;
  std::span<const chart::Panel> panels_;
  PanelGrid grid_;
  Rect place_;
  chart::Range memory_;
  Scene& scene_;
};

}  // namespace

double natural_panels_height(const chart::Figure& figure, double width) {
  const auto columns = std::clamp<std::size_t>(
      static_cast<std::size_t>(width / (good_width + gap_across)), 1, figure.panels.size());
  const auto rows = (figure.panels.size() + columns - 1) / columns;
  return static_cast<double>(rows) * (good_height + gap_down);
}

std::size_t panels_with_room(const Sheet& sheet, Rect place) {
  const auto cells = [](double length, double between, double least) {
    return static_cast<std::size_t>(std::max(1.0, (length + between) / (least + between)));
  };
  const double text = sheet.sizes.text;
  const auto room =
      cells(place.width, gap_across, text * 9) * cells(place.height, gap_down, text * 4);
  return std::min(room, sheet.figure.panels.size());
}

void draw_panels(const Sheet& sheet, Rect place, Scene& scene) {
  PanelsDrawer(sheet, place, scene).draw();
}

}  // namespace mprofpp::render
