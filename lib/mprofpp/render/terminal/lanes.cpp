#include "mprofpp/render/terminal/lanes.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "mprofpp/render/terminal/boxes.hpp"

namespace mprofpp::render {
namespace {

using chart::Strip;

/// Returns the levels of a type as blocks: their density is the part of the highest level.
std::vector<chart::StripBlock> blocks_of_levels(const std::vector<chart::Point>& levels) {
  double highest = 0;
  for (const auto& level : levels) highest = std::max(highest, level.mib);
  std::vector<chart::StripBlock> blocks;
  for (std::size_t i = 0; i + 1 < levels.size(); ++i) {
    if (!(levels[i].mib > 0)) continue;
    blocks.push_back({levels[i].seconds, levels[i + 1].seconds, levels[i].mib / highest});
  }
  return blocks;
}

/// Returns the density of the busiest block in each column of the frame.
std::vector<double> densities_of(const Strip& strip, const Frame& frame) {
  std::vector<double> densities(static_cast<std::size_t>(frame.columns), 0);
  const double width = frame.time.length() / frame.columns;
  const auto blocks = strip.levels.empty() ? strip.blocks : blocks_of_levels(strip.levels);
  for (const auto& block : blocks) {
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

/// A text for a row of the canvas.
struct PlacedText {
  std::string text;
  int row;
};

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

/// Writes the text into the last cells of the frame's row that nothing uses. Returns false if there are none.
bool put_into_gap(const TerminalPage& page, const Frame& frame, int row, const std::string& text) {
  const int width = columns_of(text);
  for (int begin = frame.right() - width; begin > frame.corner.column; --begin) {
    const bool is_at_end = begin + width == page.canvas.columns();
    if (page.canvas.count_used({row, begin - 1}, width + (is_at_end ? 1 : 2)) > 0) continue;
    page.canvas.put({row, begin}, text, page.ink.muted());
    return true;
  }
  return false;
}

/// Writes the text over the last cells of the strip that are all alike, so that it hides nothing. Returns
/// false if there are none.
bool put_onto_strip(const TerminalPage& page, const Frame& frame, const Strip& strip,
                    const PlacedText& text) {
  const auto densities = densities_of(strip, frame);
  const int width = columns_of(text.text) + 2;
  constexpr int cells_around = 2;
  for (int first = frame.columns - width - cells_around; first >= cells_around; --first) {
    const auto begin = densities.begin() + first - cells_around;
    const auto end = begin + width + 2 * cells_around;
    const auto is_alike = [&](double density) {
      return density > 0 && letter_of_density(page, density) == letter_of_density(page, *begin);
    };
    if (!std::all_of(begin, end, is_alike)) continue;
    page.canvas.put({text.row, frame.corner.column + first}, " " + text.text + " ",
                    page.ink.muted());
    return true;
  }
  return false;
}

/// Writes the numbers of a strip into that column or, if it is 0, where the strip is empty or even. If they
/// have no room, the first of them is tried.
void draw_detail(const TerminalPage& page, const Frame& frame, const Strip& strip, Place at) {
  if (at.column > 0) {
    page.canvas.put(at, fitted_text(strip.detail, page.canvas.columns() - at.column),
                    page.ink.muted());
    return;
  }
  const auto first_number = strip.detail.substr(0, strip.detail.find(" · "));
  for (const auto& text : {strip.detail, first_number}) {
    if (put_into_gap(page, frame, at.row, text)) return;
    if (put_onto_strip(page, frame, strip, {text, at.row})) return;
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

std::vector<const chart::Box*> boxes_in(const chart::Track& track, int row) {
  std::vector<const chart::Box*> boxes;
  for (const auto& box : track.boxes) {
    if (box.row == row) boxes.push_back(&box);
  }
  return boxes;
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
    for (int i = 0; i < rows; ++i) draw_boxes(page, frame, boxes_in(*track, i), row + i);
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
