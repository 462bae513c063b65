#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string_view>
#include <tuple>

#include "mprofpp/chart/parts.hpp"
#include "mprofpp/chart/words.hpp"

namespace mprofpp::chart {
namespace {

/// `t12` → "thread 12", `t12.g3` → "greenlet 3", `t12.k4` → "task 4".
std::string lane_words(const std::string& lane) {
  const auto dot = lane.find('.');
  const auto part = dot == std::string::npos ? lane : lane.substr(dot + 1);
  if (part.size() < 2) return one_line(lane);
  const auto number = one_line(part.substr(1));
  switch (part[0]) {
    case 't':
      return "thread " + number;
    case 'g':
      return "greenlet " + number;
    case 'k':
      return "task " + number;
    default:
      return one_line(lane);
  }
}

/// The first thread has the process's number.
bool is_main_thread(const analysis::Lane& lane) {
  return lane.name == "t" + std::to_string(lane.pid);
}

std::string lane_name(const analysis::History& history, const analysis::Lane& lane) {
  const auto is_same = [&](const auto& process) { return process.id.pid == lane.pid; };
  const auto process = std::find_if(history.processes.begin(), history.processes.end(), is_same);
  std::string text;
  if (process != history.processes.end() && !process_title(*process).empty()) {
    text = process_title(*process) + " " + std::to_string(lane.pid);
  } else if (lane.pid != 0) {
    text = "process " + std::to_string(lane.pid);
  }
  if (lane.name.empty()) return text.empty() ? "calls" : text;
  if (!text.empty()) text += " · ";
  return text + (is_main_thread(lane) ? "main thread" : lane_words(lane.name));
}

std::vector<double> busy_seconds(const analysis::Spans& spans) {
  std::vector<double> busy(spans.lanes.size(), 0.0);
  for (const auto& span : spans.spans) {
    if (span.row == 0) busy[span.lane] += span.busy;
  }
  return busy;
}

/// When each lane's first call began.
std::vector<double> first_begins(const analysis::Spans& spans) {
  std::vector<double> first(spans.lanes.size(), std::numeric_limits<double>::infinity());
  for (const auto& span : spans.spans) {
    first[span.lane] = std::min(first[span.lane], span.begin);
  }
  return first;
}

/// The busiest lanes, those of a process together: its main thread, then in the order in which they
/// began.
std::vector<std::uint32_t> shown_lanes(const analysis::Spans& spans, std::size_t most) {
  const auto busy = busy_seconds(spans);
  const auto first = first_begins(spans);
  std::vector<std::uint32_t> order(spans.lanes.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return busy[a] > busy[b]; });
  if (order.size() > most) order.resize(most);
  const auto rank = [&](std::uint32_t number) {
    const auto& lane = spans.lanes[number];
    // shorter names first: g2 before g10
    return std::tuple(lane.pid, !is_main_thread(lane), first[number], lane.name.size(),
                      std::string_view(lane.name));
  };
  std::sort(order.begin(), order.end(),
            [&](std::uint32_t a, std::uint32_t b) { return rank(a) < rank(b); });
  return order;
}

double largest_growth(const analysis::Spans& spans) {
  double largest = 0;
  for (const auto& span : spans.spans) largest = std::fmax(largest, std::abs(span.growth));
  return largest;
}

Box box_of(const analysis::Span& span, const FunctionColours& colours) {
  const auto& name = colours.name(span.function);
  Box box{.name = name, .tooltip = span_tooltip(span, name), .hue = colours.of(span.function)};
  if (span.is_mixed) box.name += " and others";
  if (span.calls > 1) box.name += " ×" + std::to_string(span.calls);
  box.begin = span.begin;
  box.end = span.end;
  box.row = span.row;
  box.growth = span.growth;
  box.is_open = span.is_open;
  box.is_merged = span.calls > 1;
  return box;
}

}  // namespace

void add_flame(Figure& figure, const Part& part) {
  const auto& spans = part.history.spans;
  Flame flame{.colour = part.wanted.box_colour, .growth_scale = largest_growth(spans)};
  const FunctionColours colours(spans, part.wanted.max_functions, 0);
  const auto shown = shown_lanes(spans, part.wanted.max_lanes);
  flame.lanes_left_out = spans.lanes.size() - shown.size();

  std::vector<std::size_t> place(spans.lanes.size(), shown.size());
  for (const auto index : shown) {
    place[index] = flame.lanes.size();
    flame.lanes.push_back(
        {lane_name(part.history, spans.lanes[index]), spans.lanes[index].rows, {}});
  }
  for (const auto& span : spans.spans) {
    if (place[span.lane] == shown.size()) continue;
    flame.lanes[place[span.lane]].boxes.push_back(box_of(span, colours));
  }
  figure.flame = std::move(flame);
  if (spans.functions.empty()) return;
  const bool by_function = part.wanted.box_colour == BoxColour::function;
  figure.legend.push_back(function_table(spans, colours, by_function ? Symbol::box : Symbol::none));
}

}  // namespace mprofpp::chart
