#include "mprofpp/render/terminal/plot.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "mprofpp/render/terminal/curves.hpp"
#include "mprofpp/render/terminal/label.hpp"
#include "mprofpp/render/terminal/leaks.hpp"

namespace mprofpp::render {
namespace {

using chart::EventTick;
using chart::Level;

std::vector<chart::Tick> ticks_of_memory(chart::Range memory, int rows) {
  constexpr int rows_per_tick = 3;
  return chart::memory_ticks(memory, std::max(rows / rows_per_tick, 1));
}

void draw_memory_axis(const TerminalPage& page, const Frame& frame) {
  const int column = frame.corner.column - 1;
  const auto style = page.ink.muted();
  for (int row = 0; row < frame.rows; ++row) {
    page.canvas.put({frame.corner.row + row, column}, page.letter("│", "|"), style);
  }
  if (frame.memory.low > 0 && frame.rows > 1) {
    page.canvas.put({frame.bottom() - 1, column}, page.letter("≈", "~"), style);  // not at zero
  }
  int last_row = std::numeric_limits<int>::max();
  for (const auto& tick : ticks_of_memory(frame.memory, frame.rows)) {
    const int row = frame.row_of(tick.value);
    if (row >= last_row) continue;
    last_row = row;
    const int room = column - 1;
    if (columns_of(tick.text) <= room) page.canvas.put_before({row, room}, tick.text, style);
    page.canvas.put({row, column}, page.letter("┤", "+"), style);
  }
}

/// Writes the labels that have room next to each other.
void draw_time_labels(const TerminalPage& page, const Frame& frame,
                      const std::vector<chart::Tick>& ticks) {
  const int row = frame.bottom() + 1;
  int free = 0;
  for (const auto& tick : ticks) {
    const int width = columns_of(tick.text);
    const int last = std::max(page.canvas.columns() - width, 0);
    const int begin = std::clamp(frame.column_of(tick.value) - width / 2, 0, last);
    if (begin < free) continue;
    page.canvas.put({row, begin}, tick.text, page.ink.muted());
    free = begin + width + 1;
  }
  const bool is_clock = page.figure.axis.kind == chart::TimeAxis::Kind::clock;
  if (is_clock && columns_of(page.figure.time_name) + free < frame.right()) {
    page.canvas.put_before({row, frame.right()}, page.figure.time_name, page.ink.muted());
  }
}

void draw_time_axis(const TerminalPage& page, const Frame& frame, int rows) {
  if (rows == 0) return;
  constexpr int columns_per_tick = 12;
  const auto ticks = chart::time_ticks(frame.time, std::max(frame.columns / columns_per_tick, 1),
                                       page.figure.axis);
  const int row = frame.bottom();
  page.canvas.put({row, frame.corner.column - 1}, page.letter("└", "+"), page.ink.muted());
  for (int column = frame.corner.column; column < frame.right(); ++column) {
    page.canvas.put({row, column}, page.letter("─", "-"), page.ink.muted());
  }
  for (const auto& tick : ticks) {
    page.canvas.put({row, frame.column_of(tick.value)}, page.letter("┬", "+"), page.ink.muted());
  }
  if (rows > 1) draw_time_labels(page, frame, ticks);
}

/// Draws a dashed line where nothing else is.
void draw_level_line(const TerminalPage& page, const Frame& frame, int row, Style style) {
  for (int column = frame.corner.column; column < frame.right(); ++column) {
    if (page.canvas.is_blank({row, column})) {
      page.canvas.put({row, column}, page.letter("╌", "-"), style);
    }
  }
}

Style style_of(const TerminalPage& page, Level::Kind kind) {
  switch (kind) {
    case Level::Kind::limit:
      return {};
    case Level::Kind::expected:
      return page.ink.of({chart::Hue::Role::leak});
    case Level::Kind::kernel_peak:
      break;
  }
  return page.ink.muted();
}

/// Writes the text at an end of the row or of the ones above and below it, if there is room.
void draw_level_label(const TerminalPage& page, const Frame& frame, const Level& level, int row) {
  const auto places = [&](int width) {
    std::vector<Place> found;
    for (const int column : {frame.right() - width - 1, frame.corner.column + 1}) {
      for (const int away : {0, -1, 1}) found.push_back({row + away, column});
    }
    return found;
  };
  draw_label(page, frame, {level.labels, places, style_of(page, level.kind)}, Urgency::if_free);
}

void draw_levels(const TerminalPage& page, const Frame& frame) {
  for (const auto& level : page.figure.levels) {
    const bool is_inside = level.place == Level::Place::in_chart;
    const int row = is_inside ? frame.row_of(level.mib) : frame.corner.row;
    draw_level_label(page, frame, level, row);
  }
  for (const auto& level : page.figure.levels) {
    if (level.place != Level::Place::in_chart || level.kind == Level::Kind::kernel_peak) {
      continue;
    }
    draw_level_line(page, frame, frame.row_of(level.mib), style_of(page, level.kind));
  }
}

/// Draws a line where nothing else is.
void draw_flag_line(const TerminalPage& page, const Frame& frame, int column) {
  for (int row = frame.corner.row; row < frame.bottom(); ++row) {
    if (page.canvas.is_blank({row, column})) {
      page.canvas.put({row, column}, page.letter("┊", ":"), page.ink.muted());
    }
  }
}

/// Writes the name of a moment above the plot, if there is room before the next one, or in front of the last.
void draw_flag_name(const TerminalPage& page, const std::string& name, Place at, int end) {
  page.canvas.put(at, page.letter("▼", "v"), page.ink.muted());
  const int room = end - at.column - 3;
  constexpr int least = 4;
  constexpr int most_before = 24;
  if (room >= std::min(columns_of(name), least)) {
    page.canvas.put({at.row, at.column + 2}, fitted_text(name, room), {});
    return;
  }
  const int before = most_before + 2;
  const bool is_last = end == page.canvas.columns();
  if (is_last && page.canvas.count_used({at.row, at.column - before}, before) == 0) {
    page.canvas.put_before({at.row, at.column - 1}, fitted_text(name, most_before), {});
  }
}

/// Draws the marked moments. If there are very many, they have no lines, which would hide the curves.
void draw_flags(const TerminalPage& page, const Frame& frame, int rows) {
  std::vector<const chart::Flag*> flags;
  for (const auto& flag : page.figure.flags) {
    if (frame.time.contains(flag.seconds)) flags.push_back(&flag);
  }
  const bool have_lines = static_cast<int>(flags.size()) <= std::max(frame.columns / 4, 4);
  for (std::size_t i = 0; i < flags.size(); ++i) {
    const int column = frame.column_of(flags[i]->seconds);
    if (have_lines) draw_flag_line(page, frame, column);
    if (rows == 0) continue;
    const bool is_last = i + 1 == flags.size();
    const int end = is_last ? page.canvas.columns() : frame.column_of(flags[i + 1]->seconds);
    draw_flag_name(page, flags[i]->text, {frame.corner.row - 1, column}, end);
  }
}

/// Returns the places next to a dot at which a label may be, the best first.
std::vector<Place> places_around(Place dot, int width, const Frame& frame) {
  const int left = dot.column - width - 1;
  const int right = dot.column + 2;
  const int most = std::max(frame.right() - width, frame.corner.column);
  const int centred = std::clamp(dot.column - width / 2, frame.corner.column, most);
  return {{dot.row, right},     {dot.row, left},       {dot.row - 1, centred},
          {dot.row - 1, right}, {dot.row - 1, left},   {dot.row + 1, right},
          {dot.row + 1, left},  {dot.row + 1, centred}};
}

bool draw_peak_label(const TerminalPage& page, const Frame& frame, const chart::Peak& peak,
                     Urgency urgency) {
  const Place dot{frame.row_of(peak.at.mib), frame.column_of(peak.at.seconds)};
  auto style = page.ink.of(peak.hue);
  if (urgency == Urgency::always) style.emphasis = page.ink.bold().emphasis;
  const auto places = [&](int width) { return places_around(dot, width, frame); };
  return draw_label(page, frame, {peak.labels, places, style}, urgency);
}

/// Draws a dot for each peak that has a label, and the labels that have room.
void draw_peaks(const TerminalPage& page, const Frame& frame) {
  std::vector<const chart::Peak*> peaks;
  for (const auto& peak : page.figure.peaks) {
    const bool is_named = peaks.empty() || !peak.labels.empty();
    if (is_named && frame.time.contains(peak.at.seconds)) peaks.push_back(&peak);
  }
  for (const auto* peak : peaks) {
    page.canvas.put({frame.row_of(peak->at.mib), frame.column_of(peak->at.seconds)},
                    page.letter("●", "*"), page.ink.of(peak->hue));
  }
  constexpr int most_labels = 4;
  int labels = 0;
  for (const auto* peak : peaks) {
    if (labels == most_labels) break;
    const bool is_first = peak == peaks.front();
    labels += draw_peak_label(page, frame, *peak, is_first ? Urgency::always : Urgency::if_free);
  }
}

std::string_view letter_of(const TerminalPage& page, EventTick::Kind kind) {
  switch (kind) {
    case EventTick::Kind::change:
      return page.letter("◆", "o");
    case EventTick::Kind::death:
      return page.letter("▽", "v");
    case EventTick::Kind::birth:
      break;
  }
  return page.letter("▲", "^");
}

void draw_events(const TerminalPage& page, const Frame& frame, int row) {
  std::map<int, std::vector<const EventTick*>> by_column;
  for (const auto& event : page.figure.events) {
    if (frame.time.contains(event.seconds)) {
      by_column[frame.column_of(event.seconds)].push_back(&event);
    }
  }
  for (const auto& [column, events] : by_column) {
    const auto& first = *events.front();
    const bool is_one_kind = std::all_of(
        events.begin(), events.end(), [&](const auto* event) { return event->kind == first.kind; });
    page.canvas.put({row, column},
                    is_one_kind ? letter_of(page, first.kind) : page.letter("◇", "x"),
                    events.size() == 1 ? page.ink.of(first.hue) : page.ink.muted());
  }
  constexpr std::string_view name = "processes";
  const int room = frame.corner.column - 2;
  page.canvas.put_before({row, room}, columns_of(name) <= room ? name : "", page.ink.muted());
}

}  // namespace

chart::Range shown_memory(const chart::Figure& figure, int rows) {
  auto range = figure.memory;
  if (!std::isfinite(range.low) || !std::isfinite(range.high)) return {0, 1};
  if (chart::starts_at_zero(range))
    range.low = std::min(range.low, 0.0);
  else
    range.low -= 0.1 * range.length();
  if (!(range.length() > 0)) range.high = range.low + 1;
  constexpr int least_rows = 5;
  if (rows >= least_rows) range.high += range.length() / (rows - 1);
  return range;
}

int memory_axis_columns(const chart::Figure& figure, int rows) {
  int widest = 0;
  for (const auto& tick : ticks_of_memory(shown_memory(figure, rows), rows)) {
    widest = std::max(widest, columns_of(tick.text));
  }
  return widest + 2;
}

void draw_plot(const TerminalPage& page, const Frame& frame, const PlotRows& rows) {
  draw_areas(page, frame);
  draw_curves(page, frame);
  name_areas(page, frame);
  draw_steps(page, frame);
  draw_peaks(page, frame);
  label_leaks(page, frame);
  draw_levels(page, frame);
  draw_flags(page, frame, rows.flags);
  draw_memory_axis(page, frame);
  draw_time_axis(page, frame, rows.axis);
  if (rows.events > 0) draw_events(page, frame, frame.bottom() + rows.axis);
}

}  // namespace mprofpp::render
