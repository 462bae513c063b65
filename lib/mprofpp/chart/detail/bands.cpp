#include "mprofpp/chart/detail/bands.hpp"

#include <algorithm>
#include <cmath>

#include "mprofpp/base/units.hpp"
#include "mprofpp/chart/detail/parts.hpp"

namespace mprofpp::chart {
namespace {

/// Returns the range that many curves cover together, in `steps` equal steps of time: one area for each
/// period in which there is any curve.
std::vector<Area> envelope_of(const Processes& processes, Range time, std::size_t steps) {
  const double width = time.length() / static_cast<double>(steps);
  std::vector<Range> reached(steps + 1, {analysis::unknown, analysis::unknown});
  const auto reach = [&](double seconds, double mib) {
    const double place = std::round((seconds - time.low) / width);
    if (!(place >= 0 && place <= static_cast<double>(steps))) return;
    auto& range = reached[static_cast<std::size_t>(place)];
    range = {std::fmin(range.low, mib), std::fmax(range.high, mib)};
  };
  for (const auto* process : processes) {
    for (const auto& stroke : process->series.strokes()) {
      for (std::size_t i = 0; i < stroke.size(); ++i) {
        reach(stroke[i].seconds, stroke[i].mib);
        if (i == 0) continue;
        // a slow recorder leaves empty columns between two samples
        const auto &a = stroke[i - 1], &b = stroke[i];
        for (double t = a.seconds + width; t < b.seconds; t += width) {
          reach(t, std::lerp(a.mib, b.mib, (t - a.seconds) / (b.seconds - a.seconds)));
        }
      }
    }
  }
  std::vector<Area> areas;
  bool begins = true;
  for (std::size_t i = 0; i <= steps; ++i) {
    const bool is_gap = std::isnan(reached[i].low);
    if (!is_gap && begins) areas.emplace_back();
    begins = is_gap;
    if (is_gap) continue;
    const double seconds = time.low + static_cast<double>(i) * width;
    areas.back().upper.push_back({seconds, reached[i].high});
    areas.back().lower.push_back({seconds, reached[i].low});
  }
  return areas;
}

}  // namespace

std::optional<Point> add_band(Figure& figure, const Processes& processes, std::size_t columns,
                              const Area& look) {
  if (!(figure.time.length() > 0)) return std::nullopt;
  const auto steps = std::clamp<std::size_t>(columns / 4, 1, 500);
  std::optional<Point> end;
  for (auto& area : envelope_of(processes, figure.time, steps)) {
    area.tooltip = look.tooltip;
    area.hue = look.hue;
    area.opacity = look.opacity;
    const auto &upper = area.upper.back(), &lower = area.lower.back();
    end = Point{upper.seconds, (upper.mib + lower.mib) / 2};
    figure.areas.push_back(std::move(area));
  }
  return end;
}

void add_named_band(Figure& figure, const Processes& processes, std::size_t columns,
                    const LegendRow& look) {
  const auto highest = memory_text(peak_of(*processes.front()));
  auto row = look;
  row.symbol = Symbol::area;
  row.cells = {"≤ " + highest};
  const auto end = add_band(
      figure, processes, columns,
      {.tooltip = row.name + " · peaks up to " + highest, .hue = row.hue, .opacity = 0.35});
  if (end) {
    figure.ends.push_back({.at = *end,
                           .hue = row.hue,
                           .name = row.name,
                           .title = row.title,
                           .value = "peaks ≤ " + highest});
  }
  figure.legend.back().rows.push_back(std::move(row));
}

void add_groups(Figure& figure, const Part& part, const std::vector<ProcessGroup>& groups) {
  for (const auto& group : groups) {
    const auto look = part.colours.of(*group.members.front());
    add_named_band(figure, group.members, part.history.grid.columns,
                   {.hue = look.hue,
                    .name = group.title + " ×" + std::to_string(group.members.size()),
                    .title = group.title.size()});
  }
}

}  // namespace mprofpp::chart
