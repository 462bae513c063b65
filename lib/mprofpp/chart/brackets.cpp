#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <numeric>
#include <unordered_map>
#include <utility>

#include "mprofpp/chart/parts.hpp"
#include "mprofpp/chart/words.hpp"

namespace mprofpp::chart {
namespace {

/// The curves calls may stand on, by pid.
class CurvesByPid {
 public:
  explicit CurvesByPid(const analysis::History& history) : total_(history.total.strokes()) {
    for (const auto& process : history.processes) {
      if (process.series.empty()) continue;
      curves_[process.id.pid].push_back(process.series.strokes());
    }
  }

  /// A call's two ends. On a worker's curve its own values count; the MEM line's are in the file.
  Bracket place(const analysis::Span& span, pid_t pid) const {
    Bracket bracket;
    bracket.opening = {span.begin, height(pid, span.begin, {span.rss_in, span.mib_in})};
    bracket.closing = {span.end, height(pid, span.end, {span.rss_out, span.mib_out})};
    if (std::isnan(bracket.closing.mib)) bracket.closing.mib = bracket.opening.mib;
    return bracket;
  }

 private:
  struct Values {
    double own;
    double on_total;
  };

  double height(pid_t pid, double seconds, Values values) const {
    const auto found = curves_.find(pid);
    if (found == curves_.end()) {
      return std::isnan(values.on_total) ? value_at(total_, seconds) : values.on_total;
    }
    if (!std::isnan(values.own)) return values.own;
    // the pid may have had several owners: one of them lived then
    for (const auto& strokes : found->second) {
      const double mib = value_at(strokes, seconds);
      if (!std::isnan(mib)) return mib;
    }
    return values.on_total;
  }

  std::vector<Stroke> total_;
  std::unordered_map<pid_t, std::vector<std::vector<Stroke>>> curves_;
};

/// Where brackets stand already: those of a process in the same few pixels would hide its curve.
class Crowd {
 public:
  Crowd(Range time, std::size_t places)
      : time_(time),
        place_(time.length() / static_cast<double>(std::max<std::size_t>(places, 1))) {}

  /// Whether there is room for a call's two ends, which then have it.
  bool takes(pid_t pid, const analysis::Span& span) {
    auto& begin = taken_[{pid, place_of(span.begin)}];
    auto& end = taken_[{pid, place_of(span.end)}];
    // a call, the first that it makes and the first of that begin together: all are worth seeing
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

/// The longest for which there is room, in the order in which they were told.
std::vector<analysis::Span> uncrowded(const std::vector<analysis::Span>& spans,
                                      const std::vector<analysis::Lane>& lanes, Crowd crowd) {
  std::vector<std::size_t> order(spans.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return spans[a].length() > spans[b].length();
  });
  std::vector<std::size_t> kept;
  for (const auto i : order) {
    if (crowd.takes(lanes[spans[i].lane].pid, spans[i])) kept.push_back(i);
  }
  std::sort(kept.begin(), kept.end());
  std::vector<analysis::Span> chosen;
  for (const auto i : kept) chosen.push_back(spans[i]);
  return chosen;
}

/// Calls whose function the legend names; of merged ones only long stretches.
std::vector<analysis::Span> worth_brackets(const analysis::Spans& all,
                                           const FunctionColours& colours) {
  const double least = all.spans.back().begin - all.spans.front().begin;
  std::vector<analysis::Span> spans;
  for (const auto& span : all.spans) {
    const bool is_named = colours.of(span.function).role == Hue::Role::numbered;
    const bool is_clear = span.calls == 1 || (!span.is_mixed && span.length() > least / 30);
    if (is_named && is_clear) spans.push_back(span);
  }
  return spans;
}

std::size_t numbered_curves(const Figure& figure) {
  return static_cast<std::size_t>(
      std::count_if(figure.curves.begin(), figure.curves.end(),
                    [](const Curve& c) { return c.hue.role == Hue::Role::numbered; }));
}

}  // namespace

void add_brackets(Figure& figure, const Part& part) {
  const auto& all = part.history.spans;
  if (all.spans.empty()) return;
  const FunctionColours colours(all, part.wanted.max_functions, numbered_curves(figure));
  const CurvesByPid curves(part.history);
  const Crowd crowd(figure.time, part.wanted.bracket_places);
  for (const auto& span : uncrowded(worth_brackets(all, colours), all.lanes, crowd)) {
    const auto& lane = all.lanes[span.lane];
    auto bracket = curves.place(span, lane.pid);
    if (std::isnan(bracket.opening.mib)) continue;
    bracket.hue = colours.of(span.function);
    bracket.levels_within = lane.rows - 1 - span.row;
    bracket.is_open = span.is_open;
    bracket.tooltip = span_tooltip(span, colours.name(span.function));
    figure.brackets.push_back(std::move(bracket));
  }
  figure.legend.push_back(function_table(all, colours, Symbol::bracket));
}

}  // namespace mprofpp::chart
