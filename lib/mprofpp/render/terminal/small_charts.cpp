#include "mprofpp/render/terminal/small_charts.hpp"

#include <algorithm>
#include <string>

#include "mprofpp/render/terminal/curves.hpp"
#include "mprofpp/render/terminal/plot.hpp"

namespace mprofpp::render {
namespace {

constexpr int gap_of_charts = 2;
constexpr int usual_chart_rows = 6;  // with the row of the name
constexpr int least_chart_rows = 3;

int charts_per_row(int columns) {
  constexpr int usual_columns = 36;
  return std::max(1, (columns + gap_of_charts) / (usual_columns + gap_of_charts));
}

int rows_of_charts(const chart::Figure& figure, int columns) {
  const int per_row = charts_per_row(columns);
  return (static_cast<int>(figure.panels.size()) + per_row - 1) / per_row;
}

void draw_small_chart(const TerminalPage& page, const chart::Panel& panel, Place at, int columns,
                      int rows) {
  const int value = columns_of(panel.value);
  const int room = columns - value - gap_of_charts;
  page.canvas.put(at, fitted_columns({panel.name, panel.title, panel.distinguishing_part}, room),
                  {});
  page.canvas.put_before({at.row, at.column + columns}, fitted_text(panel.value, columns),
                         page.ink.muted());
  const Frame frame{.corner = {at.row + 1, at.column},
                    .columns = columns,
                    .rows = rows - 1,
                    .time = page.figure.time,
                    .memory = shown_memory(page.figure, 0),
                    .letters = page.look.letters};
  Dots dots(frame.columns, frame.rows, page.look.letters);
  add_strokes(dots, frame, panel.strokes, page.ink.of(panel.hue), panel.dash);
  dots.draw(page.canvas, frame.corner);
}

}  // namespace

int small_chart_rows(const chart::Figure& figure, int columns) {
  return rows_of_charts(figure, columns) * usual_chart_rows + 1;
}

void draw_small_charts(const TerminalPage& page, Place corner, int rows) {
  const auto& panels = page.figure.panels;
  const int columns = page.canvas.columns();
  const int per_row = charts_per_row(columns);
  const int width = (columns + gap_of_charts) / per_row - gap_of_charts;
  const int wanted = std::max(rows_of_charts(page.figure, columns), 1);
  const int height =
      std::clamp((rows - 1) / wanted, std::min(least_chart_rows, rows), usual_chart_rows);
  const int shown = std::min(std::max((rows - 1) / std::max(height, 1), 1) * per_row,
                             static_cast<int>(panels.size()));
  for (int i = 0; i < shown; ++i) {
    const Place at{corner.row + i / per_row * height,
                   corner.column + i % per_row * (width + gap_of_charts)};
    draw_small_chart(page, panels[static_cast<std::size_t>(i)], at, width, height);
  }
  const auto others = panels.size() - static_cast<std::size_t>(shown) + page.figure.panels_left_out;
  if (others == 0) return;
  page.canvas.put({corner.row + rows - 1, corner.column}, "and " + std::to_string(others) + " more",
                  page.ink.muted());
}

}  // namespace mprofpp::render
