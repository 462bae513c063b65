#include "mprofpp/chart/build.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "mprofpp/base/units.hpp"
#include "mprofpp/chart/detail/distinguishing_parts.hpp"
#include "mprofpp/chart/detail/leak_marks.hpp"
#include "mprofpp/chart/detail/parts.hpp"
#include "mprofpp/chart/detail/summary.hpp"
#include "mprofpp/chart/labels.hpp"

namespace mprofpp::chart {
namespace {

constexpr const char* leak_column = "leak";

void widen(Range& range, double value) {
  range.low = std::min(range.low, value);
  range.high = std::max(range.high, value);
}

Range time_range(const std::vector<Source>& sources) {
  const auto& first = sources.front().history;
  if (first.grid.outside == analysis::Grid::Outside::cut)
    return {first.grid.first(), first.grid.last()};
  // from the start of the recording, which is a moment before its first sample
  Range range{std::min(first.first(), 0.0), first.last()};
  for (const auto& source : sources) {
    widen(range, source.history.first());
    widen(range, source.history.last());
  }
  return range;
}

/// Widens the range to the points of the lines within the shown time.
void widen(Range& range, const std::vector<Stroke>& strokes, Range time) {
  for (const auto& stroke : strokes) {
    for (const auto& point : stroke) {
      if (time.contains(point.seconds)) widen(range, point.mib);
    }
  }
}

/// Returns the range of everything that is drawn within the shown time.
Range memory_range(const Figure& figure) {
  Range range{std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
  for (const auto& curve : figure.curves) widen(range, curve.strokes, figure.time);
  for (const auto& panel : figure.panels) widen(range, panel.strokes, figure.time);
  for (const auto& area : figure.areas) {
    for (const auto& point : area.upper) widen(range, point.mib);
    for (const auto& point : area.lower) widen(range, point.mib);
  }
  for (const auto& level : figure.levels) {
    if (level.kind == Level::Kind::kernel_peak) widen(range, level.mib);
  }
  for (const auto& marks : figure.leaks) {
    for (const auto& floor : marks.floors) widen(range, floor.mib);
    for (const auto& point : marks.line) widen(range, std::max(point.mib, 0.0));
  }
  for (const auto& trend : figure.trends) {
    // a falling line does not make room for less than nothing
    for (const auto& end : {trend.from, trend.to}) widen(range, std::max(end.mib, 0.0));
  }
  return range;
}

/// Leaves the start of a curve that grows out of the range, because a leak is small next to what a program
/// needs to start. At most a tenth of the time is cut, and nothing that was judged.
void cut_start(Range& range, const Figure& figure) {
  constexpr double most_of_time = 0.1;
  if (figure.leaks.size() != 1 || figure.leaks.front().line.empty()) return;
  const auto& marks = figure.leaks.front();
  const Range time{
      std::min(marks.floors.front().from, figure.time.low + most_of_time * figure.time.length()),
      figure.time.high};
  Range shown{range.high, range.high};
  for (const auto& curve : figure.curves) widen(shown, curve.strokes, time);
  for (const auto& point : marks.line) widen(shown, point.mib);
  for (const auto& floor : marks.floors) widen(shown, floor.mib);
  range.low = std::max(range.low, shown.low);
}

/// Returns true if curves in the range would keep a quarter of the height if the chart reached to the limit.
bool is_in_sight(double mib, Range range) {
  if (!std::isfinite(range.high) || mib <= range.high) return true;
  const double visible = starts_at_zero(range) ? range.high : range.length();
  const double needed = starts_at_zero(range) ? mib : mib - range.low;
  return visible >= needed / 4;
}

/// Includes the limits and expected levels that are in sight, and puts the others above the chart.
void place_levels(Figure& figure) {
  const auto curves = figure.memory;
  for (auto& level : figure.levels) {
    if (level.kind == Level::Kind::kernel_peak) continue;
    if (is_in_sight(level.mib, curves)) {
      widen(figure.memory, level.mib);
      continue;
    }
    level.place = Level::Place::above_chart;
    for (auto& label : level.labels) label.insert(0, "↑ ");
  }
}

/// Limits of the same size, which are one line.
struct EqualLimits {
  double mib = 0;
  std::vector<std::string> names = {};
};

void add_limit(std::vector<EqualLimits>& limits, double mib, const std::string& name) {
  const auto has_size = [&](const EqualLimits& equal) { return equal.mib == mib; };
  auto found = std::find_if(limits.begin(), limits.end(), has_size);
  if (found == limits.end()) found = limits.insert(found, {.mib = mib});
  auto& names = found->names;
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

/// Returns the name of a limit, with its process unless it is of the only root or of all processes.
std::string limit_name(const model::Limit& limit, const analysis::History& history) {
  auto name = one_line(limit.what);
  if (limit.pid == 0 || limit.pid == history.settings.only_root()) return name;
  const auto is_meant = [&](const auto& process) { return process.id.pid == limit.pid; };
  const auto& processes = history.processes;
  const auto process = std::find_if(processes.rbegin(), processes.rend(), is_meant);
  if (process == processes.rend()) return name + " of process " + std::to_string(limit.pid);
  return name + " of " + short_process_name(*process);
}

/// Adds the limit that was asked for and those that the recording names.
void add_limits(Figure& figure, const std::vector<Source>& sources, const ChartOptions& options) {
  std::vector<EqualLimits> limits;
  if (options.limit_mib) add_limit(limits, *options.limit_mib, "limit");
  for (const auto& source : sources) {
    for (const auto& limit : source.history.crossed_limits) {
      add_limit(limits, limit.mib, limit_name(limit, source.history));
    }
  }
  std::sort(limits.begin(), limits.end(),
            [](const EqualLimits& a, const EqualLimits& b) { return a.mib < b.mib; });
  for (const auto& [mib, names] : limits) {
    std::string text;
    for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
    figure.levels.push_back(
        {.mib = mib, .labels = {text + " " + memory_text(mib)}, .kind = Level::Kind::limit});
  }
}

/// Returns the time that the subtitle describes: from the start of the recording to its last sample, or the
/// window as far as the recording reaches.
Range shown_period(const analysis::History& history) {
  const auto& grid = history.grid;
  if (grid.outside == analysis::Grid::Outside::widen) {
    return {0, history.last()};
  }
  // the last sample of the window may be up to an interval before its end
  const double step = to_seconds(history.settings.interval.value_or(Duration::zero()));
  const bool has_ended = history.last() + 1.5 * step < grid.last();
  return {grid.first(), has_ended ? history.last() : grid.last()};
}

std::string subtitle_of(const analysis::History& history, const ChartOptions& options) {
  std::string text;
  const auto add = [&text](const std::string& part) {
    if (part.empty()) return;
    if (!text.empty()) text += " · ";
    text += part;
  };
  const TimeAxis axis{TimeAxis::Kind::clock, history.grid.origin, options.ahead_of_utc};
  add(one_line(history.settings.host.value_or("")));
  const auto shown = shown_period(history);
  add(clock_date(shown.low, axis) + ", " + clock_time(shown.low, 1, axis) +
      (options.ahead_of_utc ? "" : " UTC"));
  const double seconds = shown.length();
  if (const auto length = duration_from_seconds(seconds)) {
    if (seconds > 0) add(readable(*length));
  }
  return text;
}

std::string title_of(const std::vector<Source>& sources, const ChartOptions& options) {
  if (!options.title.empty()) return one_line(options.title);
  if (sources.size() > 1) return std::to_string(sources.size()) + " recordings";
  return command_text(sources.front().history);
}

void add_recording(Figure& figure, const Part& part) {
  const bool is_stack = part.options.view == View::stack;
  const bool has_metrics = !part.options.total_metrics.empty();
  figure.legend.push_back({.heading = has_metrics ? "memory" : "processes", .columns = {"peak"}});
  if (has_metrics) {
    is_stack ? add_metric_stack(figure, part) : add_metric_curves(figure, part);
  } else if (is_stack) {
    add_stack(figure, part);
  } else {
    add_processes(figure, part);
    add_total(figure, part, {.weight = Weight::heavy, .name = total_name(part.history)});
    add_total_in_pss(figure, part);
    add_kernel_peak(figure, part);
  }
  if (part.options.lanes == Lanes::flame) add_flame(figure, part);
  // brackets need the curve of a process to be drawn on
  else if (part.options.calls == Calls::strips || (part.options.calls == Calls::shown && !is_stack))
    add_brackets(figure, part);
  add_types(figure, part);
  add_events(figure, part);
  if (part.options.calls != Calls::hidden) add_flags(figure, part);
}

void add_only_recording(Figure& figure, const Source& source, const ChartOptions& options) {
  add_recording(figure, Part(source.history, options));
  if (source.leak) add_leak(figure, source);
}

std::set<std::string> metrics_of(const std::vector<Source>& sources) {
  std::set<std::string> metrics;
  for (const auto& source : sources) metrics.insert(metric_name(source.history));
  return metrics;
}

/// Returns the length in seconds of the longest recording.
double longest(const std::vector<Source>& sources) {
  double length = 0;
  for (const auto& source : sources) {
    length = std::max(length, source.history.last() - source.history.first());
  }
  return length;
}

/// Adds the marks of one of several recordings, and the verdict to its row.
void add_judged_recording(Figure& figure, const Source& source) {
  auto& table = figure.legend.front();
  if (table.rows.empty()) return;
  if (table.columns.back() != leak_column) table.columns.push_back(leak_column);
  auto& cells = table.rows.back().cells;
  cells.resize(table.columns.size() - 1);
  cells.push_back(short_verdict(source));
  add_leak(figure, source);
  if (!figure.leaks.empty()) figure.leaks.back().labels.clear();  // the table has the rate
}

void add_overlay(Figure& figure, const std::vector<Source>& sources, const ChartOptions& options) {
  figure.legend.push_back({.heading = "recordings", .columns = {"peak"}});
  const auto metrics = metrics_of(sources);
  const bool is_mixed = metrics.size() > 1;
  if (is_mixed) figure.memory_name = "memory";
  for (std::size_t i = 0; i < sources.size(); ++i) {
    // a file that does not name its metric adds nothing
    const bool is_told = is_mixed && sources[i].history.settings.metric.has_value();
    const auto metric = is_told ? " (" + metric_name(sources[i].history) + ")" : "";
    const LegendRow row{.hue = numbered(i),
                        .dash = i < distinct_colours ? Dash::solid : Dash::dashed,
                        .name = one_line(sources[i].label) + metric};
    Part part(sources[i].history, options);
    part.length = longest(sources);
    add_fine_processes(figure, part, row);
    add_total(figure, part, row);
    if (sources[i].leak) add_judged_recording(figure, sources[i]);
  }
  const bool has_processes = figure.curves.size() > figure.legend.front().rows.size();
  if (has_processes) {
    figure.legend.front().rows.push_back(
        {.hue = {Hue::Role::muted}, .weight = Weight::fine, .name = "fine: their processes"});
  }
  std::stable_sort(figure.peaks.begin(), figure.peaks.end(),
                   [](const Peak& a, const Peak& b) { return a.at.mib > b.at.mib; });
}

void add_panels(Figure& figure, const std::vector<Source>& sources, const ChartOptions& options) {
  if (sources.size() == 1)
    add_process_panels(figure, Part(sources.front().history, options));
  else
    add_recording_panels(figure, sources, options.max_panels);
  set_distinguishing_parts(figure.panels);
}

}  // namespace

bool starts_at_zero(Range memory) {
  const double reach = std::max(std::abs(memory.high), std::abs(memory.low));
  return !(memory.low > 0.75 * memory.high && memory.length() > 1e-4 * reach);
}

Figure build(const std::vector<Source>& sources, const ChartOptions& options) {
  const auto& first = sources.front().history;
  Figure figure;
  figure.title = title_of(sources, options);
  figure.memory_name = metric_name(first);
  figure.axis = {options.time, first.grid.origin, options.ahead_of_utc};
  figure.time = time_range(sources);
  // a single moment has no distance from anything: the clock shows when it was
  const bool is_moment = sources.size() == 1 && figure.time == Range{0, 0};
  if (is_moment) figure.axis.kind = TimeAxis::Kind::clock;
  const bool is_clock = figure.axis.kind == TimeAxis::Kind::clock;
  figure.time_name =
      is_clock ? clock_dates(figure.time, figure.axis) + ", " + options.clock_name : "time";

  if (sources.size() == 1) figure.subtitle = subtitle_of(first, options);
  figure.summary = sources.size() == 1 ? summary_of(first, options) : summary_of(sources);
  if (sources.size() == 1 && sources.front().leak) {
    const auto verdict = leak_summary(sources.front());
    figure.summary.insert(figure.summary.begin(), verdict.begin(), verdict.end());
  }
  if (options.view == View::panels)
    add_panels(figure, sources, options);
  else if (sources.size() == 1)
    add_only_recording(figure, sources.front(), options);
  else
    add_overlay(figure, sources, options);
  if (!figure.legend.empty()) set_distinguishing_parts(figure.legend.front());
  set_distinguishing_parts(figure.ends);
  if (figure.flame) set_distinguishing_parts(*figure.flame);
  if (options.view != View::panels) add_limits(figure, sources, options);
  figure.memory = memory_range(figure);
  cut_start(figure.memory, figure);
  place_levels(figure);
  return figure;
}

}  // namespace mprofpp::chart
