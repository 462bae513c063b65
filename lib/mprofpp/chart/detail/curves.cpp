#include <algorithm>
#include <cmath>
#include <iterator>

#include "mprofpp/base/text.hpp"
#include "mprofpp/base/units.hpp"
#include "mprofpp/chart/detail/bands.hpp"
#include "mprofpp/chart/detail/parts.hpp"
#include "mprofpp/chart/detail/peak_function.hpp"
#include "mprofpp/chart/detail/process_groups.hpp"
#include "mprofpp/chart/detail/summary.hpp"
#include "mprofpp/chart/labels.hpp"

namespace mprofpp::chart {
namespace {

using analysis::BestPeak;
using Certainty = BestPeak::Certainty;

std::vector<std::string> peak_labels(const Figure& figure, const Part& part, Point at) {
  const auto value = memory_text(at.mib);
  const auto moment = value + " " + moment_text(at.seconds, figure.time, figure.axis);
  const bool is_main = part.options.total_metrics.empty();
  const auto function = is_main ? function_of_peak(part.history, at) : std::string();
  std::vector<std::string> labels = {moment, value};
  if (!function.empty()) labels.insert(labels.begin(), moment + " in " + function);
  return labels;
}

std::string curve_tooltip(const Figure& figure, const std::string& name, Point peak) {
  return name + " · peak " + memory_text(peak.mib) + " " +
         moment_text(peak.seconds, figure.time, figure.axis);
}

Point between(const Point& a, const Point& b, double seconds) {
  return {seconds, std::lerp(a.mib, b.mib, (seconds - a.seconds) / (b.seconds - a.seconds))};
}

/// Returns the lines within the shown time. A line that continues to a sample outside of a window ends at the
/// edge.
std::vector<Stroke> shown_strokes(const analysis::Series& series, Range time) {
  auto strokes = series.strokes();
  for (auto& stroke : strokes) {
    if (stroke.size() < 2) continue;
    auto& first = stroke.front();
    if (first.seconds < time.low && stroke[1].seconds >= time.low) {
      first = between(first, stroke[1], time.low);
    }
    auto& last = stroke.back();
    const auto& before = stroke[stroke.size() - 2];
    if (last.seconds > time.high && before.seconds <= time.high) {
      last = between(before, last, time.high);
    }
  }
  return strokes;
}

Trend trend_of(const analysis::Line& line, const LegendRow& row) {
  return {row.hue, row.dash, {line.first, line.at(line.first)}, {line.last, line.at(line.last)}};
}

/// Adds the slope of a curve: a cell of the row and a line in the chart, over the time that it is about.
void add_slope(Figure& figure, const analysis::Series& series, double length, LegendRow& row) {
  const auto line = series.trend();
  const auto shown = duration_from_seconds(length).value_or(Duration::max());
  row.cells.push_back(line ? slope_text(line->per_second, shown) : "");
  if (line) figure.trends.push_back(trend_of(*line, row));
}

/// Adds the name of a curve that the row describes, for its end within the shown time.
void add_end(Figure& figure, const std::vector<Stroke>& strokes, const std::string& name,
             const LegendRow& row) {
  if (strokes.empty()) return;
  Point end = strokes.back().back();
  if (end.seconds > figure.time.high) {
    end = {figure.time.high, value_at(strokes, figure.time.high)};
    if (std::isnan(end.mib)) return;
  }
  figure.ends.push_back({.at = end,
                         .hue = row.hue,
                         .weight = row.weight,
                         .name = name,
                         .title = row.title,
                         .value = "peak " + row.cells.front()});
}

/// Returns the kernel's peak of the process whose memory MEM is.
std::optional<double> peak_of_measured(const analysis::History& history) {
  const auto measured = history.settings.measured_process(history.processes.size());
  const auto process = std::find_if(history.processes.begin(), history.processes.end(),
                                    [&](const auto& p) { return p.id.pid == measured; });
  if (process == history.processes.end() || !process->kernel_peak) return std::nullopt;
  return process->kernel_peak->mib;
}

/// Returns the peak if it is so far above the highest sample that it is visible as a second peak.
std::optional<BestPeak> peak_above_samples(const analysis::History& history) {
  const auto peak = best_peak(history);
  if (!peak || !(peak->mib > history.total.highest().mib * 1.005 + 0.05)) return std::nullopt;
  return peak;
}

/// Returns the peak for the legend: the largest known value.
std::string peak_text(const analysis::History& history) {
  const auto peak = best_peak(history);
  return (peak->certainty == Certainty::at_least ? "≥ " : "") + memory_text(peak->mib);
}

}  // namespace

std::optional<BestPeak> best_peak(const analysis::History& history) {
  if (history.total.empty()) return std::nullopt;
  const double sampled = history.total.highest().mib;
  const double measured = std::max(peak_of_measured(history).value_or(sampled), sampled);
  const auto& largest = history.largest_process;
  if (!history.settings.sums_children() || !largest || !(*largest > measured)) {
    return BestPeak{measured};
  }
  return BestPeak{*largest, Certainty::at_least};
}

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

void add_heavy_line(Figure& figure, const Part& part, HeavyLine line) {
  const auto& row = line.row;
  figure.curves.push_back({.tooltip = curve_tooltip(figure, row.name, line.peak),
                           .hue = row.hue,
                           .dash = row.dash,
                           .weight = Weight::heavy,
                           .strokes = std::move(line.strokes)});
  figure.peaks.insert(figure.peaks.begin(), {.at = line.peak,
                                             .hue = row.hue,
                                             .weight = Weight::heavy,
                                             .labels = peak_labels(figure, part, line.peak)});
  auto& table = figure.legend.front();
  const bool is_alone = row.hue.role == Hue::Role::ink;
  table.rows.insert(is_alone ? table.rows.begin() : table.rows.end(), std::move(line.row));
}

void add_total(Figure& figure, const Part& part, LegendRow row) {
  const auto& series = part.history.total;
  if (series.empty()) return;
  auto& table = figure.legend.front();
  row.cells.push_back(peak_text(part.history));
  if (part.options.view == View::lines)
    add_end(figure, series.strokes(), row.name.starts_with("total (") ? "total" : row.name, row);
  if (part.options.slope == Slope::line) {
    if (table.columns.size() == 1) table.columns.push_back("slope");
    add_slope(figure, series, part.length, row);
  }
  add_heavy_line(figure, part,
                 {std::move(row), shown_strokes(series, figure.time), series.highest()});
}

/// Adds the curve of a process with its peak, its name and its row in the legend.
void add_process(Figure& figure, const Part& part, const analysis::ProcessHistory& process) {
  constexpr std::size_t most_labelled = 4;
  const auto& series = process.series;
  const auto look = part.colours.of(process);
  LegendRow row{.hue = look.hue,
                .dash = look.dash,
                .name = process_name(process),
                .title = process_title(process).size(),
                .cells = {memory_text(peak_of(process))}};
  // the dot is at the highest sample: its value must not contradict the peak of the row
  const bool is_sampled = peak_of(process) <= series.highest().mib * 1.005 + 0.05;
  const bool is_total = series.highest() == part.history.total.highest();
  const bool is_labelled = figure.peaks.size() < most_labelled && is_sampled && !is_total;
  const auto label = memory_text(series.highest().mib);
  figure.peaks.push_back(
      {series.highest(), row.hue, Weight::light,
       is_labelled ? std::vector<std::string>{label} : std::vector<std::string>{}});
  figure.curves.insert(figure.curves.begin(),
                       {.tooltip = curve_tooltip(figure, row.name, series.highest()),
                        .hue = row.hue,
                        .dash = row.dash,
                        .strokes = shown_strokes(series, figure.time)});
  add_end(figure, series.strokes(), short_process_name(process), row);
  if (part.options.slope == Slope::line) add_slope(figure, series, part.length, row);
  figure.legend.back().rows.push_back(std::move(row));
}

/// Returns the row of a metric, without its peak. The first metric is drawn like a total.
LegendRow row_of_metric(model::Metric metric, std::size_t number) {
  LegendRow row{.name = "total in " + upper(model::name_of(metric))};
  if (number == 0)
    row.weight = Weight::heavy;
  else
    row.hue = numbered(number - 1);
  return row;
}

/// Adds the curve of a metric that was read, its peak and its name. The row gets the peak.
void add_metric_curve(Figure& figure, const Part& part, model::Metric metric, LegendRow& row) {
  const auto& series = *part.history.total_in(metric);
  const auto name = upper(model::name_of(metric));
  const auto peak = series.highest();
  const auto value = memory_text(peak.mib);
  const auto moment = value + " " + moment_text(peak.seconds, figure.time, figure.axis);
  const bool is_own = metric == part.history.own_metric;
  row.cells.push_back(is_own ? peak_text(part.history) : value);
  add_end(figure, series.strokes(), name, row);
  if (part.options.slope == Slope::line) add_slope(figure, series, part.length, row);
  figure.curves.insert(figure.curves.begin(), {.tooltip = curve_tooltip(figure, row.name, peak),
                                               .hue = row.hue,
                                               .weight = row.weight,
                                               .strokes = shown_strokes(series, figure.time)});
  figure.peaks.push_back(
      {peak, row.hue, row.weight, {name + " " + moment, name + " " + value, value}});
}

void add_total_in_pss(Figure& figure, const Part& part) {
  const auto& history = part.history;
  if (history.settings.metric.value_or(model::Metric::rss) != model::Metric::rss) return;
  const auto* pss = history.total_in(model::Metric::pss);
  if (pss == nullptr || pss->empty() || history.total.empty()) return;
  const auto peak = pss->highest();
  const bool is_of_peak = is_pss_of_peak(history);
  const auto value = (is_of_peak ? "" : "≥ ") + memory_text(peak.mib);
  // dashed, because PSS is read less often: between two readings the line is a guess
  const LegendRow row{
      .hue = {Hue::Role::muted}, .dash = Dash::dashed, .name = "total in PSS", .cells = {value}};
  figure.curves.insert(std::prev(figure.curves.end()),
                       {.tooltip = curve_tooltip(figure, row.name, peak),
                        .hue = row.hue,
                        .dash = row.dash,
                        .strokes = pss->strokes()});
  const auto label =
      is_of_peak ? std::vector<std::string>{"PSS " + value} : std::vector<std::string>{};
  figure.peaks.push_back({peak, row.hue, Weight::light, label});
  add_end(figure, pss->strokes(), row.name, row);
  auto& rows = figure.legend.front().rows;
  rows.insert(std::next(rows.begin()), row);
}

void add_metric_curves(Figure& figure, const Part& part) {
  figure.memory_name = "memory";
  if (part.options.slope == Slope::line) figure.legend.front().columns.push_back("slope");
  const auto& metrics = part.options.total_metrics;
  for (std::size_t i = 0; i < metrics.size(); ++i) {
    auto row = row_of_metric(metrics[i], i);
    if (!part.history.total_in(metrics[i])->empty()) {
      add_metric_curve(figure, part, metrics[i], row);
    }
    figure.legend.front().rows.push_back(std::move(row));
  }
  if (std::find(metrics.begin(), metrics.end(), part.history.own_metric) != metrics.end()) {
    add_kernel_peak(figure, part);
  }
}

void add_processes(Figure& figure, const Part& part) {
  const auto& grouping = part.colours.grouping();
  const auto& alone = grouping.alone;
  const bool is_empty = alone.empty() && grouping.groups.empty();
  if (part.options.slope == Slope::line && !is_empty)
    figure.legend.back().columns.push_back("slope");
  // a band of one process would replace its name with a number
  const bool all = alone.size() <= part.options.max_series + 1;
  const auto named = all ? alone.size() : part.options.max_series;
  for (std::size_t i = 0; i < named; ++i) add_process(figure, part, *alone[i]);
  add_groups(figure, part, grouping.groups);
  if (all) return;
  const Processes rest(alone.begin() + static_cast<std::ptrdiff_t>(named), alone.end());
  add_named_band(figure, rest, part.history.grid.columns,
                 {.hue = {Hue::Role::rest}, .name = std::to_string(rest.size()) + " more"});
}

void add_fine_processes(Figure& figure, const Part& part, const LegendRow& recording) {
  const auto processes = by_peak(part.history);
  const auto drawn = std::min(processes.size(), part.options.max_series);
  for (std::size_t i = 0; i < drawn; ++i) {
    const auto& series = processes[i]->series;
    const auto name = recording.name + " · " + process_name(*processes[i]);
    figure.curves.insert(figure.curves.begin(),
                         {.tooltip = curve_tooltip(figure, name, series.highest()),
                          .hue = recording.hue,
                          .dash = recording.dash,
                          .weight = Weight::fine,
                          .strokes = shown_strokes(series, figure.time)});
  }
  if (drawn == processes.size()) return;
  const Processes rest(processes.begin() + static_cast<std::ptrdiff_t>(drawn), processes.end());
  const auto tooltip = recording.name + " · " + std::to_string(rest.size()) + " more processes";
  add_band(figure, rest, part.history.grid.columns,
           {.tooltip = tooltip, .hue = recording.hue, .opacity = 0.15});
}

void add_kernel_peak(Figure& figure, const Part& part) {
  const auto level = peak_above_samples(part.history);
  if (!level) return;
  const auto value = memory_text(level->mib);
  if (level->certainty == Certainty::at_least) {
    figure.levels.push_back({level->mib,
                             {"at least " + value + " in one process, time unknown",
                              "at least " + value + " in one process", "at least " + value}});
  } else {
    figure.levels.push_back({level->mib,
                             {"kernel's peak " + value + ", time unknown", "kernel's peak " + value,
                              "kernel " + value}});
  }
}

}  // namespace mprofpp::chart
