#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string_view>
#include <tuple>
#include <utility>

#include "mprofpp/base/units.hpp"
#include "mprofpp/chart/detail/parts.hpp"
#include "mprofpp/chart/detail/tints.hpp"
#include "mprofpp/chart/detail/tracks.hpp"
#include "mprofpp/chart/labels.hpp"

namespace mprofpp::chart {
namespace {

std::string noun(LaneKind kind) {
  switch (kind) {
    case LaneKind::main_thread:
      return "main thread";
    case LaneKind::thread:
      return "thread";
    case LaneKind::greenlet:
      return "greenlet";
    case LaneKind::task:
      return "task";
    case LaneKind::unknown:
      break;
  }
  return {};
}

/// Returns "thread 12" or "greenlet 3".
std::string lane_label(const analysis::Lane& lane) {
  const auto kind = kind_of(lane);
  if (lane.content == analysis::Lane::Content::titles) return "own titles";
  if (kind == LaneKind::unknown) return {};
  if (kind == LaneKind::main_thread) return noun(kind);
  return noun(kind) + " " + std::to_string(number_of(lane));
}

/// Returns "threads 12, 15", or "300 threads" if there are more. The number of greenlets or tasks is not
/// known, because their numbers are reused.
std::string lanes_label(std::vector<analysis::Lane> lanes) {
  constexpr std::size_t most_named = 3;
  const auto kind = kind_of(lanes.front());
  const auto plural = noun(kind) + "s";
  if (lanes.size() > most_named) {
    return kind == LaneKind::thread ? std::to_string(lanes.size()) + " " + plural : plural;
  }
  std::sort(lanes.begin(), lanes.end(), [](const analysis::Lane& a, const analysis::Lane& b) {
    return number_of(a) < number_of(b);
  });
  std::string text = plural;
  for (const auto& lane : lanes) {
    text += text == plural ? " " : ", ";
    text += std::to_string(number_of(lane));
  }
  return text;
}

/// Returns the title of the process with that pid; empty if it is not known.
std::string title_of(const analysis::History& history, pid_t pid) {
  const auto is_same = [&](const auto& process) { return process.id.pid == pid; };
  const auto process = std::find_if(history.processes.begin(), history.processes.end(), is_same);
  return process == history.processes.end() ? std::string() : process_title(*process);
}

/// Returns the title with the pid.
std::string process_label(const std::string& title, pid_t pid) {
  if (!title.empty()) return title + " " + std::to_string(pid);
  return pid == 0 ? std::string() : "process " + std::to_string(pid);
}

/// Returns a panel that has only its name.
LanePanel named_panel(const analysis::History& history, const TrackGroup& group) {
  std::vector<analysis::Lane> lanes;
  for (const auto index : group.lanes) lanes.push_back(history.spans.lanes[index]);
  const auto title = title_of(history, lanes.front().pid);
  const auto process = process_label(title, lanes.front().pid);
  const auto lane = lanes.size() == 1 ? lane_label(lanes.front()) : lanes_label(lanes);
  const auto separator = process.empty() || lane.empty() ? "" : " · ";
  auto name = process + separator + lane;
  if (name.empty()) name = "calls";
  return {.name = std::move(name), .title = title.empty() ? std::string::npos : title.size()};
}

/// A panel that is not filled yet. Its tracks are those of a group.
struct Plan {
  TrackGroup group;
  pid_t pid = 0;
  double begin = 0;          ///< of its first call
  std::vector<double> busy;  ///< seconds for each track, from busy_seconds()
  std::vector<std::size_t> ranks = {};
};

/// Returns for each track the seconds in which it is busy, or those of a track below it if that is busy for
/// longer: the tracks of a panel are shown from the top.
std::vector<double> busy_seconds(const analysis::Spans& spans, const TrackGroup& group) {
  std::vector<double> busy;
  for (const auto& track : group.tracks) {
    busy.push_back(0);
    for (const auto index : track) {
      if (spans.spans[index].row == 0) busy.back() += spans.spans[index].busy;
    }
  }
  for (auto i = busy.size(); i-- > 1;) busy[i - 1] = std::max(busy[i - 1], busy[i]);
  return busy;
}

double first_begin(const analysis::Spans& spans, const TrackGroup& group) {
  double first = std::numeric_limits<double>::infinity();
  for (const auto& track : group.tracks) {
    for (const auto index : track) first = std::min(first, spans.spans[index].begin);
  }
  return first;
}

/// Returns the panels, those of a process together: first its main thread, then in the order of their first
/// calls.
std::vector<Plan> plans_of(const analysis::Spans& spans) {
  std::vector<Plan> plans;
  for (auto& group : share_tracks(spans)) {
    const auto pid = spans.lanes[group.lanes.front()].pid;
    plans.push_back({.group = {},
                     .pid = pid,
                     .begin = first_begin(spans, group),
                     .busy = busy_seconds(spans, group)});
    plans.back().group = std::move(group);
  }
  std::sort(plans.begin(), plans.end(), [&](const Plan& a, const Plan& b) {
    const auto &x = spans.lanes[a.group.lanes.front()], &y = spans.lanes[b.group.lanes.front()];
    const auto key = [](const Plan& plan, const analysis::Lane& lane) {
      return std::tuple(plan.pid, kind_of(lane) != LaneKind::main_thread, plan.begin);
    };
    if (key(a, x) != key(b, y)) return key(a, x) < key(b, y);
    return number_of(x) < number_of(y);
  });
  return plans;
}

/// A track of a plan, while the tracks are ranked.
struct Candidate {
  Plan* plan;
  double busy;
  std::size_t turn = 0;  ///< number of tracks of the same process before it
};

/// Ranks the tracks: the busiest track of every process comes before the second one of any process, and
/// within a turn the busiest come first. Returns the number of processes.
std::size_t rank_tracks(std::vector<Plan>& plans) {
  std::vector<Candidate> all;
  for (auto& plan : plans) {
    for (const double busy : plan.busy) all.push_back({&plan, busy});
  }
  const auto busier = [](const Candidate& a, const Candidate& b) { return a.busy > b.busy; };
  std::stable_sort(all.begin(), all.end(), busier);
  std::map<pid_t, std::size_t> turns;
  for (auto& candidate : all) candidate.turn = turns[candidate.plan->pid]++;
  std::stable_sort(all.begin(), all.end(),
                   [](const Candidate& a, const Candidate& b) { return a.turn < b.turn; });
  for (std::size_t i = 0; i < all.size(); ++i) all[i].plan->ranks.push_back(i);
  return turns.size();
}

/// Returns the MiB that one call added or freed; if no single call is known, that of merged ones.
double largest_change(const analysis::Spans& spans) {
  double largest = 0;
  for (const auto& function : spans.functions) largest = std::max(largest, function.largest_change);
  if (largest > 0) return largest;
  for (const auto& span : spans.spans) largest = std::fmax(largest, std::abs(span.growth));
  return largest;
}

/// The colours of boxes.
struct BoxLook {
  const Part& part;
  FunctionColours functions;
  std::vector<std::size_t> tints;

  explicit BoxLook(const Part& its_part)
      : part(its_part), functions(part), tints(tints_of(part.history.spans)) {}

  bool shows_processes() const { return part.call_colour == BoxColour::process; }
  Hue of(const analysis::Span& span) const {
    const auto pid = part.history.spans.lanes[span.lane].pid;
    return shows_processes() ? part.colours.of_pid(pid) : functions.of(span.function);
  }
};

/// Returns the spans of a track. If several lanes share it, spans that are too short to be shown separately
/// are merged.
std::vector<analysis::Span> spans_of(const analysis::History& history, const TrackGroup& group,
                                     const std::vector<std::uint32_t>& track) {
  const double column = history.grid.width();
  std::vector<analysis::Span> seen;
  std::vector<analysis::Span> tiny;
  for (const auto index : track) {
    auto span = history.spans.spans[index];
    const bool is_tiny = group.lanes.size() > 1 && span.length() < column;
    if (is_tiny) span.lane = group.lanes.front();
    (is_tiny ? tiny : seen).push_back(span);
  }
  const auto merged = analysis::merge_columns(tiny, column);
  seen.insert(seen.end(), merged.begin(), merged.end());
  return seen;
}

/// Returns how many calls a box stands for: " ×11,777". A few calls of other functions among them are left to
/// the tooltip.
std::string suffix_of(const analysis::Span& span) {
  if (span.calls == 1) return {};
  const bool has_few_others = span.own_calls > 1 && span.own_calls * 10 >= span.calls * 9;
  const auto count = has_few_others ? span.own_calls : span.calls;
  const std::string others = has_few_others || !span.is_mixed ? "" : " and others";
  return others + (span.is_estimate ? " ≈ ×" : " ×") + grouped_digits(count);
}

/// Returns the box of a call. If several lanes share the tracks and the call was not merged, its tooltip
/// names its lane.
Box box_of(const BoxLook& look, const analysis::Span& span, const TrackGroup& group) {
  const auto& history = look.part.history;
  const auto& name = look.functions.name(span.function);
  Box box{.name = name, .tooltip = span_tooltip(span, name), .hue = look.of(span)};
  if (look.shows_processes()) box.tint = look.tints[span.function];
  const bool has_lane = span.length() >= history.grid.width() && span.calls == 1;
  if (group.lanes.size() > 1 && has_lane)
    box.tooltip += " · " + lane_label(history.spans.lanes[span.lane]);
  box.name += suffix_of(span);
  box.begin = span.begin;
  box.end = span.end;
  box.row = span.row;
  box.growth = span.growth;
  box.is_open = span.is_open;
  box.is_merged = span.calls > 1;
  box.legend_row = look.functions.row_of(span.function);
  return box;
}

/// Returns the panel of a plan, with the tracks whose ranks are below `most`.
LanePanel panel_of(const BoxLook& look, const Plan& plan, std::size_t most) {
  const auto& history = look.part.history;
  auto panel = named_panel(history, plan.group);
  if (look.shows_processes()) panel.hue = look.part.colours.of_pid(plan.pid);
  for (std::size_t i = 0; i < plan.ranks.size() && plan.ranks[i] < most; ++i) {
    Track track{.rank = plan.ranks[i]};
    auto spans = spans_of(history, plan.group, plan.group.tracks[i]);
    // what each second added is worth seeing
    if (look.part.call_colour != BoxColour::growth) spans = analysis::join_groups(std::move(spans));
    for (const auto& span : spans) {
      track.boxes.push_back(box_of(look, span, plan.group));
      track.rows = std::max(track.rows, track.boxes.back().row + 1);
    }
    panel.tracks.push_back(std::move(track));
  }
  panel.tracks_left_out = plan.ranks.size() - panel.tracks.size();
  return panel;
}

}  // namespace

void add_flame(Figure& figure, const Part& part) {
  const auto& spans = part.history.spans;
  Flame flame{.colour = part.call_colour, .growth_scale = largest_change(spans)};
  const BoxLook look(part);
  auto plans = plans_of(spans);
  flame.processes = rank_tracks(plans);
  for (const auto& plan : plans) {
    auto panel = panel_of(look, plan, part.options.max_tracks);
    if (panel.tracks.empty())
      flame.tracks_left_out += panel.tracks_left_out;
    else
      flame.panels.push_back(std::move(panel));
  }
  figure.flame = std::move(flame);
  if (spans.functions.empty()) return;
  figure.legend.push_back(function_table(spans, look.functions, Symbol::box));
}

}  // namespace mprofpp::chart
