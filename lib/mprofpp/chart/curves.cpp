#include <algorithm>
#include <cmath>

#include "mprofpp/analysis/names.hpp"
#include "mprofpp/chart/parts.hpp"
#include "mprofpp/chart/words.hpp"

namespace mprofpp::chart {
namespace {

constexpr std::size_t most_labelled_children = 4;

/// The innermost call first; one that surely ran before several of which one may have.
std::pair<bool, int> rank(const analysis::Span& span) {
  return {span.calls == 1, span.row};
}

/// The innermost call that was running; empty if none.
std::string function_at(const analysis::History& history, double seconds) {
  const analysis::Span* innermost = nullptr;
  for (const auto& span : history.spans.spans) {
    if (span.begin > seconds || span.end < seconds) continue;
    if (innermost == nullptr || rank(span) > rank(*innermost)) innermost = &span;
  }
  if (innermost == nullptr) return {};
  const auto& functions = history.spans.functions;
  std::vector<std::string> names;
  for (const auto& function : functions) names.push_back(one_line(function.name));
  return analysis::short_names(names)[innermost->function];
}

std::vector<std::string> peak_texts(const Figure& figure, const Part& part, Point at) {
  const auto value = memory_text(at.mib);
  const auto moment = value + " " + moment_text(at.seconds, figure.time, figure.axis);
  const auto function = function_at(part.history, at.seconds);
  std::vector<std::string> texts = {moment, value};
  if (!function.empty()) texts.insert(texts.begin(), moment + " in " + function);
  return texts;
}

std::string curve_tooltip(const Figure& figure, const std::string& name, Point peak) {
  return name + " · peak " + memory_text(peak.mib) + " " +
         moment_text(peak.seconds, figure.time, figure.axis);
}

Trend trend_of(const analysis::Series& series, const analysis::Line& line, const LegendRow& row) {
  const double first = series.first();
  const double last = series.last();
  return {row.hue, row.dash, {first, line.at(first)}, {last, line.at(last)}};
}

/// A slope column in the table, if slopes are wanted.
void add_slope(Figure& figure, const analysis::Series& series, LegendRow& row) {
  const auto line = series.trend();
  row.cells.push_back(line ? slope_text(line->per_second) : "");
  if (line) figure.trends.push_back(trend_of(series, *line, row));
}

using Processes = std::vector<const analysis::ProcessHistory*>;

/// What many curves cover together, in `steps` equal steps of time; one area for each stretch of
/// time in which there is any.
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
        // a slow recorder leaves columns between two samples
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

/// Lays a band over what the processes cover.
void add_band(Figure& figure, const Processes& processes, std::size_t columns, const Area& look) {
  if (!(figure.time.length() > 0)) return;
  const auto steps = std::clamp<std::size_t>(columns / 4, 1, 500);
  for (auto& area : envelope_of(processes, figure.time, steps)) {
    area.tooltip = look.tooltip;
    area.hue = look.hue;
    area.opacity = look.opacity;
    figure.areas.push_back(std::move(area));
  }
}

void add_rest(Figure& figure, const Processes& rest, std::size_t columns) {
  const auto name = std::to_string(rest.size()) + " more";
  const double highest = peak_of(*rest.front());
  const Hue hue{Hue::Role::rest};
  const auto tooltip = name + " · peaks up to " + memory_text(highest);
  add_band(figure, rest, columns, {.tooltip = tooltip, .hue = hue, .opacity = 0.35});
  figure.legend.back().rows.push_back(
      {.symbol = Symbol::area, .hue = hue, .name = name, .cells = {"≤ " + memory_text(highest)}});
}

/// What the kernel knows of the total above its highest sample.
struct LevelAbove {
  double mib = 0;
  bool is_bound = false;  ///< one process of a tree had that much: the total had at least as much
};

std::optional<LevelAbove> level_above(const analysis::History& history) {
  const auto roots = history.meta.find("root");
  const bool is_sum = roots != history.meta.end() && roots->second.size() > 1;
  const bool is_tree =
      history.setting("tree").find('C') != std::string::npos && history.processes.size() > 1;
  if (history.processes.empty() || history.total.empty() || (is_sum && !is_tree)) return {};
  const auto& kernel = history.processes.front().kernel_peak;
  const auto mib = is_tree  ? history.largest_process
                   : kernel ? std::optional(kernel->mib)
                            : std::nullopt;
  // a difference that cannot be seen is not a second peak
  const double sampled = history.total.highest().mib;
  if (!mib || !(*mib > sampled * 1.005 + 0.05)) return {};
  return LevelAbove{*mib, is_tree};
}

/// The legend's figure: the largest that is known.
std::string peak_text(const analysis::History& history) {
  const auto above = level_above(history);
  if (!above) return memory_text(history.total.highest().mib);
  return (above->is_bound ? "≥ " : "") + memory_text(above->mib);
}

}  // namespace

double peak_of(const analysis::ProcessHistory& process) {
  const double sampled = process.series.highest().mib;
  return process.kernel_peak ? std::max(process.kernel_peak->mib, sampled) : sampled;
}

std::vector<const analysis::ProcessHistory*> by_peak(const analysis::History& history) {
  std::vector<const analysis::ProcessHistory*> processes;
  for (const auto& process : history.processes) {
    if (!process.series.empty()) processes.push_back(&process);
  }
  std::stable_sort(processes.begin(), processes.end(), [](const auto* a, const auto* b) {
    if (a->is_root != b->is_root) return a->is_root;
    return peak_of(*a) > peak_of(*b);
  });
  return processes;
}

double value_at(const std::vector<Stroke>& strokes, double seconds) {
  for (const auto& stroke : strokes) {
    if (stroke.empty() || seconds < stroke.front().seconds || seconds > stroke.back().seconds) {
      continue;
    }
    const auto next =
        std::lower_bound(stroke.begin(), stroke.end(), seconds,
                         [](const Point& point, double t) { return point.seconds < t; });
    if (next == stroke.begin() || next->seconds == seconds) return next->mib;
    const auto& before = *std::prev(next);
    const double share = (seconds - before.seconds) / (next->seconds - before.seconds);
    return std::lerp(before.mib, next->mib, share);
  }
  return analysis::unknown;
}

void add_total(Figure& figure, const Part& part, LegendRow row) {
  const auto& series = part.history.total;
  if (series.empty()) return;
  const auto peak = series.highest();
  figure.curves.push_back({.tooltip = curve_tooltip(figure, row.name, peak),
                           .hue = row.hue,
                           .dash = row.dash,
                           .weight = Weight::heavy,
                           .strokes = series.strokes()});
  figure.peaks.insert(figure.peaks.begin(), {.at = peak,
                                             .hue = row.hue,
                                             .weight = Weight::heavy,
                                             .texts = peak_texts(figure, part, peak)});
  auto& table = figure.legend.front();
  row.cells.push_back(peak_text(part.history));
  if (part.wanted.slope == Slope::line) {
    if (table.columns.size() == 1) table.columns.push_back("slope");
    add_slope(figure, series, row);
  }
  const bool is_alone = row.hue.role == Hue::Role::ink;
  table.rows.insert(is_alone ? table.rows.begin() : table.rows.end(), std::move(row));
}

void add_processes(Figure& figure, const Part& part) {
  const auto processes = by_peak(part.history);
  // a band of one would hide a process behind a number
  const bool all = processes.size() <= part.wanted.max_series + 1;
  const auto named = all ? processes.size() : part.wanted.max_series;
  auto& table = figure.legend.back();
  if (part.wanted.slope == Slope::line && !processes.empty()) table.columns.push_back("slope");

  for (std::size_t i = 0; i < named; ++i) {
    const auto& series = processes[i]->series;
    LegendRow row{.hue = numbered(i),
                  .dash = i < distinct_colours ? Dash::solid : Dash::dashed,
                  .name = process_name(*processes[i]),
                  .cells = {memory_text(peak_of(*processes[i]))}};
    const auto texts = i < most_labelled_children
                           ? std::vector<std::string>{memory_text(series.highest().mib)}
                           : std::vector<std::string>{};
    figure.peaks.push_back({series.highest(), row.hue, Weight::light, texts});
    figure.curves.insert(figure.curves.begin(),
                         {.tooltip = curve_tooltip(figure, row.name, series.highest()),
                          .hue = row.hue,
                          .dash = row.dash,
                          .strokes = series.strokes()});
    if (part.wanted.slope == Slope::line) add_slope(figure, series, row);
    table.rows.push_back(std::move(row));
  }
  if (named == processes.size()) return;
  add_rest(figure, {processes.begin() + static_cast<std::ptrdiff_t>(named), processes.end()},
           part.history.grid.columns);
}

void add_fine_processes(Figure& figure, const Part& part, const LegendRow& recording) {
  const auto processes = by_peak(part.history);
  const auto drawn = std::min(processes.size(), part.wanted.max_series);
  for (std::size_t i = 0; i < drawn; ++i) {
    const auto& series = processes[i]->series;
    const auto name = recording.name + " · " + process_name(*processes[i]);
    figure.curves.insert(figure.curves.begin(),
                         {.tooltip = curve_tooltip(figure, name, series.highest()),
                          .hue = recording.hue,
                          .dash = recording.dash,
                          .weight = Weight::fine,
                          .strokes = series.strokes()});
  }
  if (drawn == processes.size()) return;
  const Processes rest(processes.begin() + static_cast<std::ptrdiff_t>(drawn), processes.end());
  const auto tooltip = recording.name + " · " + std::to_string(rest.size()) + " more processes";
  add_band(figure, rest, part.history.grid.columns,
           {.tooltip = tooltip, .hue = recording.hue, .opacity = 0.15});
}

void add_kernel_peak(Figure& figure, const Part& part) {
  const auto level = level_above(part.history);
  if (!level) return;
  const auto value = memory_text(level->mib);
  if (level->is_bound) {
    figure.levels.push_back({level->mib,
                             {"at least " + value + ", one process alone, time unknown",
                              "at least " + value + ", one process alone", "at least " + value}});
  } else {
    figure.levels.push_back({level->mib,
                             {"kernel's peak " + value + ", time unknown", "kernel's peak " + value,
                              "kernel " + value}});
  }
}

void add_flags(Figure& figure, const Part& part) {
  for (const auto& mark : part.history.marks) {
    figure.flags.push_back({part.history.grid.seconds(mark.t), one_line(mark.text)});
  }
}

}  // namespace mprofpp::chart
