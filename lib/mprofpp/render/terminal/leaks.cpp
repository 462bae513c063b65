#include "mprofpp/render/terminal/leaks.hpp"

#include <cmath>
#include <string>
#include <vector>

#include "mprofpp/render/terminal/curves.hpp"
#include "mprofpp/render/terminal/label.hpp"

namespace mprofpp::render {
namespace {

using chart::LeakMarks;

/// Returns the cells of an arrow right of a step, from its head down.
std::vector<Place> cells_of(const chart::StepMark& step, const Frame& frame) {
  std::vector<Place> cells;
  const int column = frame.column_of(step.seconds) + 1;
  for (int row = frame.row_of(step.to_mib); row <= frame.row_of(step.from_mib); ++row) {
    if (column < frame.right()) cells.push_back({row, column});
  }
  return cells;
}

void draw_steps_of(const TerminalPage& page, const Frame& frame, const LeakMarks& marks) {
  for (const auto& step : marks.steps) {
    if (!frame.time.contains(step.seconds)) continue;
    const auto cells = cells_of(step, frame);
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const auto letter = i == 0 ? page.letter("▲", "^") : page.letter("│", "|");
      page.canvas.put(cells[i], letter, page.ink.of(marks.hue));
    }
  }
}

/// Returns places below and above a line, those near its middle first.
std::vector<Place> places_along(const std::vector<chart::Point>& line, const Frame& frame,
                                int width) {
  std::vector<Place> places;
  for (const int away : {1, 2, 3, 4}) {
    for (const double share : {0.5, 0.65, 0.35, 0.8, 0.2}) {
      const auto& from = line.front();
      const auto& to = line.back();
      const int row = frame.row_of(std::lerp(from.mib, to.mib, share));
      const int column = frame.column_of(std::lerp(from.seconds, to.seconds, share));
      places.push_back({row + away, column + 1});
      places.push_back({row - away, column - width - 1});
    }
  }
  return places;
}

void label_steps(const TerminalPage& page, const Frame& frame, const LeakMarks& marks) {
  for (const auto& step : marks.steps) {
    const auto cells = cells_of(step, frame);
    if (cells.empty() || !frame.time.contains(step.seconds)) continue;
    const auto middle = cells[cells.size() / 2];
    const auto places = [&](int width) {
      return std::vector<Place>{{middle.row, middle.column + 2},
                                {middle.row, middle.column - width - 2},
                                {cells.back().row + 1, middle.column}};
    };
    const std::vector<std::string> texts = {step.label};
    draw_label(page, frame, {texts, places, page.ink.of(marks.hue)}, Urgency::if_free);
  }
}

}  // namespace

void add_leaks(Dots& dots, const TerminalPage& page, const Frame& frame) {
  for (const auto& marks : page.figure.leaks) {
    const auto style = page.ink.of(marks.hue);
    for (const auto& floor : marks.floors) {
      const chart::Stroke stroke = {{floor.from, floor.mib}, {floor.to, floor.mib}};
      add_strokes(dots, frame, {stroke}, style, chart::Dash::solid);
    }
    if (!marks.line.empty()) add_strokes(dots, frame, {marks.line}, style, marks.dash);
  }
}

void draw_steps(const TerminalPage& page, const Frame& frame) {
  for (const auto& marks : page.figure.leaks) draw_steps_of(page, frame, marks);
}

void label_leaks(const TerminalPage& page, const Frame& frame) {
  for (const auto& marks : page.figure.leaks) {
    auto style = page.ink.of(marks.hue);
    style.emphasis = page.ink.bold().emphasis;
    const auto places = [&](int width) { return places_along(marks.line, frame, width); };
    if (!marks.line.empty() && !marks.labels.empty()) {
      draw_label(page, frame, {marks.labels, places, style}, Urgency::always);
    }
    label_steps(page, frame, marks);
  }
}

}  // namespace mprofpp::render
