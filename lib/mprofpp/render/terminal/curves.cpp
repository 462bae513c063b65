#include "mprofpp/render/terminal/curves.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "mprofpp/render/terminal/leaks.hpp"
#include "mprofpp/render/terminal/legend.hpp"

namespace mprofpp::render {
namespace {

using chart::Area;
using chart::Curve;
using chart::Point;

/// Places points on the dots of a frame.
class DotScale {
 public:
  DotScale(const Frame& frame, const Dots& dots)
      : time_(frame.time), memory_(frame.memory), width_(dots.width()), height_(dots.height()) {}

  DotPlace operator()(Point point) const {
    const int x = place_in(time_, point.seconds, width_);
    return {x, height_ - 1 - place_in(memory_, point.mib, height_)};
  }

 private:
  chart::Range time_, memory_;
  int width_, height_;
};

/// Returns true for an area of a stack, and false for a band around curves, which is paler.
bool is_layer(const Area& area) {
  constexpr double palest_layer = 0.4;
  return area.opacity >= palest_layer;
}

std::vector<Area> layers_of(const chart::Figure& figure) {
  std::vector<Area> layers;
  std::copy_if(figure.areas.begin(), figure.areas.end(), std::back_inserter(layers), is_layer);
  return layers;
}

Point between(Point a, Point b, double seconds) {
  const double share = (seconds - a.seconds) / (b.seconds - a.seconds);
  return {seconds, a.mib + share * (b.mib - a.mib)};
}

/// Cuts the line between two points to the time; nothing if it is outside.
std::optional<std::pair<Point, Point>> cut(Point a, Point b, chart::Range time) {
  if (b.seconds < time.low || a.seconds > time.high) return std::nullopt;
  const auto first = a.seconds < time.low ? between(a, b, time.low) : a;
  const auto last = b.seconds > time.high ? between(a, b, time.high) : b;
  return std::pair(first, last);
}

/// Returns the height of a line with these points at that moment; nothing outside of them.
std::optional<double> height_at(const std::vector<Point>& points, double seconds) {
  const auto after =
      std::lower_bound(points.begin(), points.end(), seconds,
                       [](const Point& point, double moment) { return point.seconds < moment; });
  if (after == points.end()) return std::nullopt;
  if (after->seconds == seconds) return after->mib;
  if (after == points.begin()) return std::nullopt;
  return between(*(after - 1), *after, seconds).mib;
}

/// Returns the value of a curve at the middle of a column of the frame; nothing where it has none.
std::optional<double> value_in_column(const Curve& curve, const Frame& frame, int column) {
  const double share = column / std::max(frame.columns - 1.0, 1.0);
  const double moment = frame.time.low + share * frame.time.length();
  std::optional<double> value;
  for (const auto& stroke : curve.strokes) {
    if (const auto mib = height_at(stroke, moment)) value = mib;
  }
  return value;
}

/// Returns the cells of a curve, from left to right.
std::vector<Place> cells_of(const Curve& curve, const Frame& frame) {
  std::vector<Place> cells;
  for (int column = 0; column < frame.columns; ++column) {
    const auto mib = value_in_column(curve, frame, column);
    if (mib) cells.push_back({frame.row_of(*mib), frame.corner.column + column});
  }
  return cells;
}

/// Writes a letter into the middle of the cells if none of them shows it.
void name_once(const TerminalPage& page, const std::vector<Place>& cells, std::string_view letter,
               Style style) {
  const auto shows = [&](Place at) { return page.canvas.shows(at, letter); };
  if (cells.empty() || std::any_of(cells.begin(), cells.end(), shows)) return;
  page.canvas.put(cells[cells.size() / 2], letter, style);
}

/// Writes the letters of the curves onto them, several times and at least once.
void tag_curves(const TerminalPage& page, const Frame& frame) {
  constexpr int distance = 24;
  constexpr int between_curves = 3;
  std::map<std::size_t, std::vector<Place>> named;
  for (const auto& curve : page.figure.curves) {
    const auto number = number_in_legend(page.figure, curve.hue, curve.dash);
    if (!number || curve.weight == chart::Weight::fine) continue;
    const int first = (distance / 2 + static_cast<int>(*number) * between_curves) % distance;
    for (const auto at : named[*number] = cells_of(curve, frame)) {
      if ((at.column - frame.corner.column) % distance != first) continue;
      page.canvas.put(at, std::string(1, tag_of(*number)), {});
    }
  }
  for (const auto& [number, cells] : named) {
    name_once(page, cells, std::string(1, tag_of(number)), {});
  }
}

/// Draws the ranges that many curves cover together, around the curves.
void draw_bands(const TerminalPage& page, const Frame& frame) {
  for (const auto& area : page.figure.areas) {
    if (is_layer(area)) continue;
    for (int column = 0; column < frame.columns; ++column) {
      const double width = frame.time.length() / frame.columns;
      const double moment = frame.time.low + (column + 0.5) * width;
      const auto upper = height_at(area.upper, moment);
      const auto lower = height_at(area.lower, moment);
      if (!upper || !lower) continue;
      for (int row = frame.row_of(*upper); row <= frame.row_of(*lower); ++row) {
        const Place at{row, frame.corner.column + column};
        if (page.canvas.is_blank(at)) {
          page.canvas.put(at, page.letter("░", ":"), page.ink.of(area.hue));
        }
      }
    }
  }
}

/// Returns the moment of a column at which the areas are highest, so that no spike is lost.
double moment_of_column(const std::vector<Area>& areas, const Frame& frame, int column) {
  const double width = frame.time.length() / frame.columns;
  const double begin = frame.time.low + column * width;
  Point highest{begin + width / 2, -1};
  for (const auto& area : areas) {
    const auto first =
        std::lower_bound(area.upper.begin(), area.upper.end(), begin,
                         [](const Point& point, double moment) { return point.seconds < moment; });
    for (auto point = first; point != area.upper.end() && point->seconds < begin + width; ++point) {
      if (point->mib > highest.mib) highest = *point;
    }
  }
  return highest.seconds;
}

constexpr int parts_of_cell = 8;
using CellParts =
    std::array<int, parts_of_cell>;  // the areas in a cell from its lower edge up; -1 is none

/// The edges of an area at a moment.
struct EdgesOfArea {
  int area;
  double lower, upper;
};

std::vector<EdgesOfArea> layers_at(const std::vector<Area>& areas, double moment) {
  std::vector<EdgesOfArea> layers;
  for (std::size_t i = 0; i < areas.size(); ++i) {
    const auto upper = height_at(areas[i].upper, moment);
    const auto lower = height_at(areas[i].lower, moment);
    if (upper && lower) layers.push_back({static_cast<int>(i), *lower, *upper});
  }
  return layers;
}

CellParts parts_of(const std::vector<EdgesOfArea>& layers, const Frame& frame, int row) {
  const double part = frame.memory.length() / (frame.rows * parts_of_cell);
  const double bottom = frame.memory.low + (frame.rows - 1 - row) * part * parts_of_cell;
  CellParts parts;
  parts.fill(-1);
  for (int i = 0; i < parts_of_cell; ++i) {
    const double middle = bottom + (i + 0.5) * part;
    for (const auto& layer : layers) {
      if (middle >= layer.lower && middle < layer.upper) {
        parts[static_cast<std::size_t>(i)] = layer.area;
      }
    }
  }
  return parts;
}

/// Returns the value that most parts from `first` on have.
int most_frequent(const CellParts& parts, std::size_t first) {
  int most = -1;
  std::ptrdiff_t count = 0;
  for (auto part = parts.begin() + static_cast<std::ptrdiff_t>(first); part != parts.end();
       ++part) {
    const auto same = std::count(part, parts.end(), *part);
    if (same > count) {
      count = same;
      most = *part;
    }
  }
  return most;
}

void draw_area_cell(const TerminalPage& page, const std::vector<Area>& areas,
                    const CellParts& parts, Place at) {
  constexpr std::array<std::string_view, 9> heights = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  const auto colour_of = [&](int area) {
    return page.ink.block(areas[static_cast<std::size_t>(area)].hue).foreground;
  };
  const int lowest = parts[0];
  const auto end = std::find_if(parts.begin(), parts.end(), [&](int one) { return one != lowest; });
  const auto height = static_cast<std::size_t>(end - parts.begin());
  const int above = height < parts.size() ? most_frequent(parts, height) : -1;
  if (lowest < 0 && above < 0) return;
  Style style;
  if (lowest >= 0) style.foreground = colour_of(lowest);
  if (above >= 0) style.background = colour_of(above);
  page.canvas.put(at, lowest < 0 ? heights[0] : heights[height], style);
}

/// Returns true for the cells that name their area. They are in slanting lines.
bool has_letter(Place at) {
  constexpr int distance = 12;
  constexpr int slant = 5;
  return (at.column + slant * at.row) % distance == 0;
}

/// Returns for the rows of the legend the cells that their areas fill for the most part.
std::map<std::size_t, std::vector<Place>> cells_of_areas(const TerminalPage& page,
                                                         const Frame& frame,
                                                         const std::vector<Area>& areas) {
  std::map<std::size_t, std::vector<Place>> cells;
  for (int column = 0; column < frame.columns; ++column) {
    const auto layers = layers_at(areas, moment_of_column(areas, frame, column));
    for (int row = 0; row < frame.rows; ++row) {
      const int index = most_frequent(parts_of(layers, frame, row), 0);
      if (index < 0) continue;
      const auto& area = areas[static_cast<std::size_t>(index)];
      const auto number = number_in_legend(page.figure, area.hue, area.dash).value_or(0);
      cells[number].push_back({frame.corner.row + row, frame.corner.column + column});
    }
  }
  return cells;
}

/// Draws areas as patterns, where half a cell cannot have a colour of its own.
void draw_patterns(const TerminalPage& page, const Frame& frame, const std::vector<Area>& areas) {
  const auto& rows = page.figure.legend.front().rows;
  for (const auto& [number, cells] : cells_of_areas(page, frame, areas)) {
    const auto style = page.ink.of(rows[number].hue);
    const std::string letter(1, tag_of(number));
    for (const auto at : cells) {
      page.canvas.put(at, has_letter(at) ? letter : fill_of(number, page.look.letters), style);
    }
  }
}

}  // namespace

std::optional<std::size_t> number_in_legend(const chart::Figure& figure, chart::Hue hue,
                                            chart::Dash dash) {
  if (figure.legend.empty()) return std::nullopt;
  const auto& rows = figure.legend.front().rows;
  const auto row = std::find_if(rows.begin(), rows.end(), [&](const chart::LegendRow& one) {
    return one.symbol != chart::Symbol::none && one.weight != chart::Weight::fine &&
           one.hue == hue && one.dash == dash;
  });
  if (row == rows.end()) return std::nullopt;
  return static_cast<std::size_t>(row - rows.begin());
}

bool has_layers(const chart::Figure& figure) {
  return std::any_of(figure.areas.begin(), figure.areas.end(), is_layer);
}

char tag_of(std::size_t number) {
  return static_cast<char>('a' + number % 26);
}

std::string_view fill_of(std::size_t number, Letters letters) {
  constexpr std::array<std::string_view, 3> unicode = {"▒", "░", "▓"};
  constexpr std::array<std::string_view, 4> ascii = {":", ".", "=", "-"};
  return letters == Letters::ascii ? ascii[number % ascii.size()]
                                   : unicode[number % unicode.size()];
}

bool has_blocks(const TerminalLook& look) {
  return look.colours != TerminalColours::none && look.letters == Letters::unicode;
}

void add_strokes(Dots& dots, const Frame& frame, const std::vector<chart::Stroke>& strokes,
                 Style style, chart::Dash dash) {
  const DotScale scale(frame, dots);
  for (const auto& stroke : strokes) {
    DotPen pen{style, dash};
    if (stroke.size() == 1 && frame.time.contains(stroke[0].seconds)) {
      dots.add(scale(stroke[0]), style);
    }
    for (std::size_t i = 1; i < stroke.size(); ++i) {
      const auto piece = cut(stroke[i - 1], stroke[i], frame.time);
      if (piece) dots.add_line(scale(piece->first), scale(piece->second), pen);
    }
  }
}

void draw_curves(const TerminalPage& page, const Frame& frame) {
  Dots dots(frame.columns, frame.rows, page.look.letters);
  for (const auto& curve : page.figure.curves) {
    add_strokes(dots, frame, curve.strokes, page.ink.of(curve.hue), curve.dash);
  }
  for (const auto& trend : page.figure.trends) {
    add_strokes(dots, frame, {{trend.from, trend.to}}, page.ink.of(trend.hue), chart::Dash::dashed);
  }
  add_leaks(dots, page, frame);
  dots.draw(page.canvas, frame.corner);
  draw_bands(page, frame);
  const bool has_names = !legend_items(page.figure, page.look).empty();
  if (!page.ink.has_colours() && has_names) tag_curves(page, frame);
}

void draw_areas(const TerminalPage& page, const Frame& frame) {
  const auto areas = layers_of(page.figure);
  if (areas.empty() || page.figure.legend.empty()) return;
  if (!has_blocks(page.look)) return draw_patterns(page, frame, areas);
  for (int column = 0; column < frame.columns; ++column) {
    const auto layers = layers_at(areas, moment_of_column(areas, frame, column));
    for (int row = 0; row < frame.rows; ++row) {
      draw_area_cell(page, areas, parts_of(layers, frame, row),
                     {frame.corner.row + row, frame.corner.column + column});
    }
  }
}

void name_areas(const TerminalPage& page, const Frame& frame) {
  if (has_blocks(page.look) || page.figure.legend.empty()) return;
  const auto& rows = page.figure.legend.front().rows;
  for (const auto& [number, cells] : cells_of_areas(page, frame, layers_of(page.figure))) {
    name_once(page, cells, std::string(1, tag_of(number)), page.ink.of(rows[number].hue));
  }
}

}  // namespace mprofpp::render
