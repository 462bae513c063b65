#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <numeric>
#include <unordered_map>
#include <utility>

#include "mprofpp/chart/detail/parts.hpp"
#include "mprofpp/chart/labels.hpp"

namespace mprofpp::chart {
namespace {

/// The curves that calls may be drawn on, by pid.
class CurvesByPid {
 public:
  explicit CurvesByPid(const analysis::History& history) : total_(history.total.strokes()) {
    for (const auto& process : history.processes) {
      if (process.series.empty()) continue;
      curves_[process.id.pid].push_back(process.series.strokes());
    }
  }

  /// Returns the two ends of a call, on the curve of its process. Without such a curve they are on the MEM
  /// line, at the values that the file has for it.
  Bracket place(const analysis::Span& span, pid_t pid) const {
    Bracket bracket;
    bracket.opening = {span.begin, height(pid, span.begin, span.mib_in)};
    bracket.closing = {span.end, height(pid, span.end, span.mib_out)};
    if (std::isnan(bracket.closing.mib)) bracket.closing.mib = bracket.opening.mib;
    return bracket;
  }

 private:
  double height(pid_t pid, double seconds, double on_total) const {
    const auto found = curves_.find(pid);
    if (found == curves_.end()) return std::isnan(on_total) ? value_at(total_, seconds) : on_total;
    // several processes may have had the pid: one of them ran at that time
    for (const auto& strokes : found->second) {
      const double mib = value_at(strokes, seconds);
      if (!std::isnan(mib)) return mib;
    }
    return nearest_value(found->second, seconds);
  }

  /// Returns the value of the nearest end of a line: a call may start before the first sample of its process.
  static double nearest_value(const std::vector<std::vector<Stroke>>& curves, double seconds) {
    double mib = analysis::unknown;
    double least = std::numeric_limits<double>::infinity();
    for (const auto& strokes : curves) {
      for (const auto& stroke : strokes) {
        for (const auto& end : {stroke.front(), stroke.back()}) {
          const double distance = std::abs(end.seconds - seconds);
          if (distance < least) mib = end.mib;
          least = std::min(least, distance);
        }
      }
    }
    return mib;
  }

  std::vector<Stroke> total_;
  std::unordered_map<pid_t, std::vector<std::vector<Stroke>>> curves_;
};

/// Counts the brackets placed so far: many brackets of a process in the same few pixels would hide its curve.
class Crowd {
 public:
  Crowd(Range time, std::size_t places)
      : time_(time),
        place_(time.length() / static_cast<double>(std::max<std::size_t>(places, 1))) {}

  /// Reserves room for the two ends of a call. Returns false if there is none.
  bool reserve(pid_t pid, const analysis::Span& span) {
    auto& begin = taken_[{pid, place_of(span.begin)}];
    auto& end = taken_[{pid, place_of(span.end)}];
    // a call, the first call in it and the first in that one start together: all should be visible
    constexpr int most = 3;
    if (begin >= most || end >= most) return false;
    ++begin;
    ++end;
    return true;
  }

 private:
  std::int64_t place_of(double seconds) const {
    const double place = place_ > 0 ? (seconds - time_.low) / place_ : 0;
    return static_cast<std::int64_t>(std::clamp(place, -1.0, 1e9));
  }

  Range time_;
  double place_;
  std::map<std::pair<pid_t, std::int64_t>, int> taken_;
};

/// Returns the longest spans for which there is room, in their original order.
std::vector<analysis::Span> longest_with_room(const std::vector<analysis::Span>& spans,
                                              const std::vector<analysis::Lane>& lanes,
                                              Crowd crowd) {
  std::vector<std::size_t> order(spans.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return spans[a].length() > spans[b].length();
  });
  std::vector<std::size_t> kept;
  for (const auto i : order) {
    if (crowd.reserve(lanes[spans[i].lane].pid, spans[i])) kept.push_back(i);
  }
  std::sort(kept.begin(), kept.end());
  std::vector<analysis::Span> chosen;
  chosen.reserve(kept.size());
  for (const auto i : kept) chosen.push_back(spans[i]);
  return chosen;
}

/// Returns the calls whose function the legend names. Merged calls are included only if they are long.
std::vector<analysis::Span> worth_brackets(const analysis::Spans& all,
                                           const FunctionColours& colours) {
  const double least = all.spans.back().begin - all.spans.front().begin;
  std::vector<analysis::Span> spans;
  for (const auto& span : all.spans) {
    // titles are flags
    if (all.lanes[span.lane].content == analysis::Lane::Content::titles) continue;
    const bool is_clear = span.calls == 1 || (!span.is_mixed && span.length() > least / 30);
    if (colours.has_row(span.function) && is_clear) spans.push_back(span);
  }
  return spans;
}

/// Returns true if that many brackets would crowd the picture, or hide how many calls have none.
bool are_too_many(std::size_t brackets, const analysis::Spans& all,
                  const FunctionColours& colours) {
  constexpr std::size_t most = 40;
  constexpr std::size_t few = 10;  // calls that are worth their brackets even if some have no room
  const auto named = static_cast<std::size_t>(
      std::count_if(all.spans.begin(), all.spans.end(),
                    [&](const auto& span) { return colours.has_row(span.function); }));
  return brackets > most || (named > few && (named - brackets) * 3 > named);
}

}  // namespace

void add_brackets(Figure& figure, const Part& part) {
  const auto& all = part.history.spans;
  if (all.spans.empty()) return;
  const FunctionColours colours(part);
  const CurvesByPid curves(part.history);
  const Crowd crowd(figure.time, part.options.bracket_places);
  const auto chosen = longest_with_room(worth_brackets(all, colours), all.lanes, crowd);
  const bool are_strips =
      part.options.calls == Calls::strips || !part.options.total_metrics.empty();
  if (are_strips || are_too_many(chosen.size(), all, colours)) {
    add_strips(figure, part, colours);
    figure.legend.push_back(function_table(all, colours, Symbol::box));
    return;
  }
  for (const auto& span : chosen) {
    const auto& lane = all.lanes[span.lane];
    auto bracket = curves.place(span, lane.pid);
    if (std::isnan(bracket.opening.mib)) continue;
    bracket.hue =
        colours.have_meaning() ? colours.of(span.function) : part.colours.of_pid(lane.pid);
    bracket.levels_within = lane.rows - 1 - span.row;
    bracket.is_open = span.is_open;
    bracket.tooltip = span_tooltip(span, colours.name(span.function));
    figure.brackets.push_back(std::move(bracket));
  }
  // the strips name the functions, which brackets in the colours of processes do not
  if (!colours.have_meaning()) add_strips(figure, part, colours);
  figure.legend.push_back(function_table(all, colours, Symbol::bracket));
}

}  // namespace mprofpp::chart
