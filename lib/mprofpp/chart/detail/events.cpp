#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "mprofpp/chart/detail/parts.hpp"
#include "mprofpp/chart/labels.hpp"

namespace mprofpp::chart {
namespace {

using analysis::ProcessEvent;

std::string_view verb_of(ProcessEvent::Kind kind) {
  switch (kind) {
    case ProcessEvent::Kind::started:
      return " started ";
    case ProcessEvent::Kind::became_another_program:
      return " became another program ";
    case ProcessEvent::Kind::exited:
      break;
  }
  return " exited ";
}

EventTick::Kind tick_kind_of(ProcessEvent::Kind kind) {
  switch (kind) {
    case ProcessEvent::Kind::started:
      return EventTick::Kind::birth;
    case ProcessEvent::Kind::became_another_program:
      return EventTick::Kind::change;
    case ProcessEvent::Kind::exited:
      break;
  }
  return EventTick::Kind::death;
}

/// Starts and exits of processes with one title, close to each other.
struct Replacement {
  double first = 0;
  double last = 0;
  std::set<std::size_t> started = {};
  std::size_t exits = 0;  ///< of processes that were there before

  bool is_empty() const { return started.empty() && exits == 0; }
  std::size_t count() const { return std::min(started.size(), exits); }
};

/// Adds a flag where two or more processes were replaced by others with the same title, as a server does when
/// it loads its code again. A build that starts and ends compilers all the time replaces nothing.
void add_flag_of(Figure& figure, const std::string& title, const Replacement& replacement,
                 double most_apart) {
  const bool is_brief = replacement.last - replacement.first <= 2 * most_apart;
  if (replacement.count() < 2 || !is_brief) return;
  figure.flags.push_back(
      {replacement.first, std::to_string(replacement.count()) + " replaced: " + title});
}

void add_replacements(Figure& figure, const Part& part) {
  const double most_apart = std::max(1.0, figure.time.length() / 50);
  std::map<std::string, Replacement> open;
  for (const auto& event : part.history.events) {
    if (event.kind == ProcessEvent::Kind::became_another_program) continue;
    const auto title = process_title(part.history.processes[event.process]);
    if (title.empty()) continue;
    auto& replacement = open[title];
    if (event.seconds > replacement.last + most_apart) {
      add_flag_of(figure, title, std::exchange(replacement, {}), most_apart);
    }
    if (replacement.is_empty()) replacement.first = event.seconds;
    replacement.last = event.seconds;
    if (event.kind == ProcessEvent::Kind::started)
      replacement.started.insert(event.process);
    else if (!replacement.started.contains(event.process))
      ++replacement.exits;
  }
  for (const auto& [title, replacement] : open) add_flag_of(figure, title, replacement, most_apart);
}

/// The colours of events: those in which the picture shows their processes.
class EventHues {
 public:
  explicit EventHues(const Part& part) : part_(part) {
    if (part.options.view != View::lines) return;
    for (const auto& group : part.colours.grouping().groups) {
      const auto hue = part.colours.of(*group.members.front()).hue;
      for (const auto* member : group.members) of_members_[member] = hue;
    }
  }

  Hue of(const analysis::ProcessHistory& process) const {
    if (!part_.options.total_metrics.empty()) return {Hue::Role::muted};
    const auto member = of_members_.find(&process);
    return member == of_members_.end() ? part_.colours.of(process).hue : member->second;
  }

 private:
  const Part& part_;
  std::unordered_map<const analysis::ProcessHistory*, Hue> of_members_;
};

/// Adds the titles that processes gave themselves, where they begin.
void add_titles(Figure& figure, const Part& part) {
  const auto& spans = part.history.spans;
  for (const auto& span : spans.spans) {
    if (spans.lanes[span.lane].content != analysis::Lane::Content::titles || span.calls > 1)
      continue;
    figure.flags.push_back({span.begin, one_line(spans.functions[span.function].name)});
  }
}

}  // namespace

void add_flags(Figure& figure, const Part& part) {
  for (const auto& mark : part.history.marks) {
    figure.flags.push_back({part.history.grid.seconds(mark.t), one_line(mark.text)});
  }
  if (part.options.lanes == Lanes::none) add_titles(figure, part);
  add_replacements(figure, part);
  std::stable_sort(figure.flags.begin(), figure.flags.end(),
                   [](const Flag& a, const Flag& b) { return a.seconds < b.seconds; });
}

void add_events(Figure& figure, const Part& part) {
  const EventHues hues(part);
  for (const auto& event : part.history.events) {
    const auto& process = part.history.processes[event.process];
    figure.events.push_back({.kind = tick_kind_of(event.kind),
                             .seconds = event.seconds,
                             .hue = hues.of(process),
                             .tooltip = process_name(process) + std::string(verb_of(event.kind)) +
                                        moment_text(event.seconds, figure.time, figure.axis)});
  }
}

}  // namespace mprofpp::chart
