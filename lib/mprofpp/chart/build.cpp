#include "mprofpp/chart/build.hpp"

#include <algorithm>
#include <set>

#include "mprofpp/base/units.hpp"
#include "mprofpp/chart/parts.hpp"
#include "mprofpp/chart/words.hpp"

namespace mprofpp::chart {
namespace {

void widen(Range& range, double value) {
  range.low = std::min(range.low, value);
  range.high = std::max(range.high, value);
}

Range time_range(const std::vector<Source>& sources) {
  const auto& first = sources.front().history;
  if (first.grid.outside == analysis::Grid::Outside::cut)
    return {first.grid.first(), first.grid.last()};
  // from the recording's start, which is a moment before its first sample
  Range range{std::min(first.first(), 0.0), first.last()};
  for (const auto& source : sources) {
    widen(range, source.history.first());
    widen(range, source.history.last());
  }
  return range;
}

/// The range of all that is drawn within the shown time.
Range memory_range(const Figure& figure) {
  Range range{std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
  for (const auto& curve : figure.curves) {
    for (const auto& stroke : curve.strokes) {
      for (const auto& point : stroke) {
        if (figure.time.contains(point.seconds)) widen(range, point.mib);
      }
    }
  }
  for (const auto& area : figure.areas) {
    for (const auto& point : area.upper) widen(range, point.mib);
    for (const auto& point : area.lower) widen(range, point.mib);
  }
  for (const auto& level : figure.levels) widen(range, level.mib);
  return range;
}

std::string counted(std::uint64_t count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

/// What the recorder missed.
std::vector<std::string> losses_of(const analysis::History& history, const Wanted& wanted) {
  std::vector<std::string> losses;
  const auto gaps = history.gaps > 0 ? counted(history.gaps, "gap") + ", " : "";
  if (history.gaps + history.lost_ticks > 0) {
    losses.push_back(gaps + counted(history.lost_ticks, "tick") + " missed");
  }
  if (history.suspended > Duration::zero()) {
    losses.push_back("suspended for " + readable(history.suspended));
  }
  if (wanted.calls == Calls::hidden) return losses;
  if (history.lost_marks > 0) losses.push_back(counted(history.lost_marks, "mark") + " lost");
  if (history.marks_left_out > 0) {
    losses.push_back(counted(history.marks_left_out, "mark") + " not drawn");
  }
  return losses;
}

std::string subtitle_of(const analysis::History& history, const Wanted& wanted) {
  std::string text;
  const auto add = [&text](const std::string& part) {
    if (part.empty()) return;
    if (!text.empty()) text += " · ";
    text += part;
  };
  const TimeAxis axis{TimeAxis::Kind::clock, history.grid.origin, wanted.ahead_of_utc};
  add(one_line(history.setting("host")));
  add(clock_date(0, axis) + ", " + clock_time(0, 1, axis) + (wanted.ahead_of_utc ? "" : " UTC"));
  const double seconds = history.last() - history.first();
  if (const auto length = duration_from_seconds(seconds)) {
    add(seconds > 0 ? readable(*length) : "one moment");
  }
  for (const auto& loss : losses_of(history, wanted)) add(loss);
  return text;
}

std::string title_of(const std::vector<Source>& sources, const Wanted& wanted) {
  if (!wanted.title.empty()) return one_line(wanted.title);
  if (sources.size() > 1) return std::to_string(sources.size()) + " recordings";
  return command_text(sources.front().history);
}

void add_recording(Figure& figure, const Part& part) {
  const bool is_stack = part.wanted.view == View::stack;
  figure.legend.push_back({.heading = "processes", .columns = {"peak"}});
  if (is_stack)
    add_stack(figure, part);
  else
    add_processes(figure, part);
  add_total(figure, part, {.weight = Weight::heavy, .name = total_name(part.history)});
  if (!is_stack) add_kernel_peak(figure, part);
  if (part.wanted.lanes == Lanes::flame) add_flame(figure, part);
  // brackets need a curve to stand on
  else if (part.wanted.calls == Calls::shown && !is_stack)
    add_brackets(figure, part);
  if (part.wanted.calls == Calls::shown) add_flags(figure, part);
}

std::set<std::string> metrics_of(const std::vector<Source>& sources) {
  std::set<std::string> metrics;
  for (const auto& source : sources) metrics.insert(metric_name(source.history));
  return metrics;
}

void add_overlay(Figure& figure, const std::vector<Source>& sources, const Wanted& wanted) {
  figure.legend.push_back({.heading = "recordings", .columns = {"peak"}});
  const auto metrics = metrics_of(sources);
  const bool is_mixed = metrics.size() > 1;
  if (is_mixed) figure.memory_name = "memory";
  for (std::size_t i = 0; i < sources.size(); ++i) {
    // a file that does not say has nothing to add
    const bool is_told = is_mixed && !sources[i].history.setting("metric").empty();
    const auto metric = is_told ? " (" + metric_name(sources[i].history) + ")" : "";
    const LegendRow row{.hue = numbered(i),
                        .dash = i < distinct_colours ? Dash::solid : Dash::dashed,
                        .name = one_line(sources[i].label) + metric};
    add_fine_processes(figure, {sources[i].history, wanted}, row);
    add_total(figure, {sources[i].history, wanted}, row);
  }
  const bool has_processes = figure.curves.size() > figure.legend.front().rows.size();
  if (has_processes) {
    figure.legend.front().rows.push_back(
        {.hue = {Hue::Role::muted}, .weight = Weight::fine, .name = "fine: their processes"});
  }
  std::stable_sort(figure.peaks.begin(), figure.peaks.end(),
                   [](const Peak& a, const Peak& b) { return a.at.mib > b.at.mib; });
}

}  // namespace

Figure build(const std::vector<Source>& sources, const Wanted& wanted) {
  const auto& first = sources.front().history;
  Figure figure;
  figure.title = title_of(sources, wanted);
  figure.memory_name = metric_name(first);
  figure.axis = {wanted.time, first.grid.origin, wanted.ahead_of_utc};
  figure.time_name = wanted.time == TimeAxis::Kind::clock ? wanted.clock_name : "time";
  figure.time = time_range(sources);

  if (sources.size() == 1) {
    figure.subtitle = subtitle_of(first, wanted);
    add_recording(figure, {first, wanted});
  } else {
    add_overlay(figure, sources, wanted);
  }
  figure.memory = memory_range(figure);
  return figure;
}

}  // namespace mprofpp::chart
