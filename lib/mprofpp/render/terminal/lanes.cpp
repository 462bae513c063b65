#include "mprofpp/render/terminal/lanes.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

namespace mprofpp::render {
namespace {

using chart::Box;
using chart::Strip;

/// Returns the density of the busiest block in each column of the frame.
std::vector<double> densities_of(const Strip& strip, const Frame& frame) {
  std::vector<double> densities(static_cast<std::size_t>(frame.columns), 0);
  const double width = frame.time.length() / frame.columns;
  for (const auto& block : strip.blocks) {
    const int first = static_cast<int>(std::floor((block.begin - frame.time.low) / width));
    const int end = static_cast<int>(std::ceil((block.end - frame.time.low) / width - 1e-6));
    for (int i = std::max(first, 0); i < std::min(std::max(end, first + 1), frame.columns); ++i) {
      auto& density = densities[static_cast<std::size_t>(i)];
      density = std::max(density, block.density);
    }
  }
  return densities;
}

std::string_view letter_of_density(const TerminalPage& page, double density) {
  constexpr std::array<std::string_view, 7> unicode = {"▁", "▂", "▃", "▄", "▅", "▆", "▇"};
  constexpr std::array<std::string_view, 7> ascii = {".", ".", ":", ":", "=", "=", "#"};
  const auto level = static_cast<std::size_t>(std::ceil(std::clamp(density, 0.0, 1.0) * 7));
  const auto index = std::min<std::size_t>(std::max<std::size_t>(level, 1) - 1, 6);
  return page.look.letters == Letters::ascii ? ascii[index] : unicode[index];
}

void draw_name(const TerminalPage& page, const Name& name, Place end, Style style) {
  page.canvas.put_before(end, fitted_columns(name, end.column), style);
}

void draw_strip(const TerminalPage& page, const Frame& frame, const Strip& strip, int row) {
  const auto style = page.ink.of(strip.hue);
  draw_name(page, {.text = strip.name}, {row, frame.corner.column - 2}, style);
  page.canvas.put({row, frame.corner.column - 1}, page.letter("│", "|"), page.ink.muted());
  const auto densities = densities_of(strip, frame);
  for (int i = 0; i < frame.columns; ++i) {
    const double density = densities[static_cast<std::size_t>(i)];
    if (density > 0) {
      page.canvas.put({row, frame.corner.column + i}, letter_of_density(page, density), style);
    }
  }
}

/// Writes the numbers of a strip into that column, or where the strip is empty.
void draw_detail(const TerminalPage& page, const Frame& frame, const Strip& strip, Place at) {
  if (at.column > 0) {
    page.canvas.put(at, fitted_text(strip.detail, page.canvas.columns() - at.column),
                    page.ink.muted());
    return;
  }
  const int width = columns_of(strip.detail);
  for (int begin = frame.right() - width; begin > frame.corner.column; --begin) {
    const bool is_at_end = begin + width == page.canvas.columns();
    if (page.canvas.count_used({at.row, begin - 1}, width + (is_at_end ? 1 : 2)) > 0) continue;
    page.canvas.put({at.row, begin}, strip.detail, page.ink.muted());
    return;
  }
}

/// A track with the rows that it gets.
struct ShownTrack {
  const chart::LanePanel* panel;
  const chart::Track* track;
  int rows;
};

/// Returns the tracks that fit, in the order of the figure.
std::vector<ShownTrack> tracks_that_fit(const chart::Flame& flame, int rows) {
  std::vector<ShownTrack> tracks;
  for (const auto& panel : flame.panels) {
    for (const auto& track : panel.tracks) tracks.push_back({&panel, &track, track.rows});
  }
  std::vector<ShownTrack*> by_rank;
  for (auto& track : tracks) by_rank.push_back(&track);
  std::stable_sort(by_rank.begin(), by_rank.end(),
                   [](const auto* a, const auto* b) { return a->track->rank < b->track->rank; });
  for (auto* track : by_rank) {
    track->rows = std::min(track->rows, rows);
    rows -= track->rows;
  }
  std::erase_if(tracks, [](const ShownTrack& track) { return track.rows <= 0; });
  return tracks;
}

/// Counts what has no room, in the last row.
void draw_rest(const TerminalPage& page, const Frame& frame, std::size_t count) {
  page.canvas.put({frame.bottom() - 1, frame.corner.column},
                  "and " + std::to_string(count) + " more", page.ink.muted());
}

Style style_of(const TerminalPage& page, const Box& box) {
  const auto& flame = *page.figure.flame;
  if (flame.colour != chart::BoxColour::growth) return page.ink.on(box.hue);
  return page.ink.on_growth(flame.growth_scale > 0 ? box.growth / flame.growth_scale : 0);
}

/// Returns the name of a box, as far as it has room; empty if next to nothing of it has.
std::string name_in(const Box& box, int columns) {
  constexpr int least = 3;
  return columns < std::min(least, columns_of(box.name)) ? "" : fitted_text(box.name, columns);
}

/// Returns a box of letters, for a terminal without colours.
std::string box_of_letters(const TerminalPage& page, const Box& box, int columns) {
  if (columns == 1) return std::string(page.letter("▌", "|"));
  const auto name = name_in(box, columns - 2);
  std::string fill;
  for (int i = columns_of(name); i < columns - 2; ++i) fill += page.letter("─", "-");
  return "[" + name + fill + "]";
}

void draw_box(const TerminalPage& page, const Frame& frame, const Box& box, int row) {
  if (box.end < frame.time.low || box.begin > frame.time.high) return;
  const int first = frame.column_of(std::max(box.begin, frame.time.low));
  const int last = frame.column_of(std::min(box.end, frame.time.high));
  const int columns = std::max(1, last - first);
  if (!page.ink.has_colours()) {
    page.canvas.put({row, first}, box_of_letters(page, box, columns), {});
    return;
  }
  const auto style = style_of(page, box);
  const auto name = columns > 3 ? name_in(box, columns - 2) : "";
  const auto width = static_cast<std::size_t>(columns - 1);
  page.canvas.put({row, first}, std::string(width, ' '), style);
  page.canvas.put({row, first + 1}, name, style);
  page.canvas.put({row, first + columns - 1}, page.letter("▌", "|"),
                  {.foreground = style.background});
}

std::size_t count_tracks(const chart::Flame& flame) {
  auto count = flame.tracks_left_out;
  for (const auto& panel : flame.panels) count += panel.tracks.size() + panel.tracks_left_out;
  return count;
}

void draw_flame(const TerminalPage& page, const Frame& frame) {
  const auto& flame = *page.figure.flame;
  int row = frame.corner.row;
  const chart::LanePanel* named = nullptr;
  auto tracks = tracks_that_fit(flame, frame.rows);
  const auto all = count_tracks(flame);
  if (tracks.size() < all && frame.rows > 1) {
    tracks = tracks_that_fit(flame, frame.rows - 1);
    draw_rest(page, frame, all - tracks.size());
  }
  for (const auto& [panel, track, rows] : tracks) {
    if (panel != named) {
      draw_name(page, {panel->name, panel->title, panel->distinguishing_part},
                {row, frame.corner.column - 2}, panel->hue ? page.ink.of(*panel->hue) : Style{});
      named = panel;
    }
    for (int i = 0; i < rows; ++i) {
      page.canvas.put({row + i, frame.corner.column - 1}, page.letter("│", "|"), page.ink.muted());
    }
    for (const auto& box : track->boxes) {
      if (box.row < rows) draw_box(page, frame, box, row + box.row);
    }
    row += rows;
  }
}

}  // namespace

int lane_rows(const chart::Figure& figure) {
  if (!figure.flame) return static_cast<int>(figure.strips.size());
  int rows = 0;
  std::size_t tracks = 0;
  for (const auto& panel : figure.flame->panels) {
    for (const auto& track : panel.tracks) rows += track.rows;
    tracks += panel.tracks.size();
  }
  return rows + (count_tracks(*figure.flame) > tracks ? 1 : 0);
}

int lane_name_columns(const chart::Figure& figure) {
  int widest = 0;
  for (const auto& strip : figure.strips) widest = std::max(widest, columns_of(strip.name));
  if (!figure.flame) return widest;
  for (const auto& panel : figure.flame->panels) {
    widest = std::max(widest, columns_of(panel.name));
  }
  return widest;
}

void draw_lanes(const TerminalPage& page, const Frame& frame, int details) {
  if (page.figure.flame) return draw_flame(page, frame);
  const auto& strips = page.figure.strips;
  const int count = static_cast<int>(strips.size());
  const bool is_short = count > frame.rows && frame.rows > 1;
  const int shown = is_short ? frame.rows - 1 : std::min(frame.rows, count);
  for (int i = 0; i < shown; ++i) {
    const auto& strip = strips[static_cast<std::size_t>(i)];
    const int row = frame.corner.row + i;
    draw_strip(page, frame, strip, row);
    draw_detail(page, frame, strip, {row, details});
  }
  if (is_short) draw_rest(page, frame, static_cast<std::size_t>(count - shown));
}

}  // namespace mprofpp::render
