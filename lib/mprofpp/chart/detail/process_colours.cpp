#include "mprofpp/chart/detail/process_colours.hpp"

#include <algorithm>

#include "mprofpp/chart/detail/parts.hpp"

namespace mprofpp::chart {
namespace {

/// Hands out colours. Each process prefers the one of its number, so that the colours of later processes
/// rarely depend on which earlier ones are drawn.
class ColourStock {
 public:
  ProcessColours::Look take(std::size_t preferred) {
    const std::size_t first = round_ * distinct_colours;
    std::size_t slot = preferred % distinct_colours;
    while (taken_[slot]) slot = (slot + 1) % distinct_colours;
    taken_[slot] = true;
    const ProcessColours::Look look{numbered(first + slot),
                                    first == 0 ? Dash::solid : Dash::dashed};
    if (std::find(taken_.begin(), taken_.end(), false) == taken_.end()) {
      taken_.assign(distinct_colours, false);
      ++round_;
    }
    return look;
  }

 private:
  std::vector<bool> taken_ = std::vector<bool>(distinct_colours, false);
  std::size_t round_ = 0;
};

/// Returns one of two greys, solid and then dashed.
ProcessColours::Look grey(std::size_t number) {
  const auto role = number % 2 == 0 ? Hue::Role::rest : Hue::Role::muted;
  return {{role}, number % 4 < 2 ? Dash::solid : Dash::dashed};
}

/// Returns true if the colours of curves mean metrics.
bool has_metric_curves(const ChartOptions& options) {
  return options.view == View::lines && !options.total_metrics.empty();
}

}  // namespace

ProcessColours::ProcessColours(const analysis::History& history, std::size_t max_series,
                               ProcessHues hues)
    : named_(by_peak(history)), grouping_(group_alike(named_)) {
  // a band of one process would replace its name with a number
  if (named_.size() > max_series + 1) {
    const auto first_other = named_.begin() + static_cast<std::ptrdiff_t>(max_series);
    others_.assign(first_other, named_.end());
    named_.erase(first_other, named_.end());
  }
  for (const auto* process : named_) looks_[process];
  for (std::size_t i = 0; i < std::min(grouping_.alone.size(), max_series); ++i) {
    looks_[grouping_.alone[i]];
  }
  for (const auto& group : grouping_.groups) looks_[group.members.front()];
  ColourStock stock;
  std::size_t greys = 0;
  for (std::size_t i = 0; i < history.processes.size(); ++i) {
    const auto& process = history.processes[i];
    const auto look = looks_.find(&process);
    if (look == looks_.end()) continue;
    look->second = hues == ProcessHues::distinct ? stock.take(i) : grey(greys++);
    by_pid_[process.id.pid] = look->second.hue;
  }
}

BoxColour call_colour_of(const analysis::History& history, const ChartOptions& options) {
  if (options.box_colour) return *options.box_colour;
  if (has_metric_curves(options)) return BoxColour::process;
  return by_peak(history).size() > 1 ? BoxColour::process : BoxColour::function;
}

ProcessHues process_hues(const analysis::History& history, const ChartOptions& options) {
  const bool has_brackets = options.calls == Calls::shown && options.view == View::lines;
  const bool draws_calls = options.lanes == Lanes::flame || has_brackets;
  const bool has_functions = draws_calls && !history.spans.functions.empty() &&
                             call_colour_of(history, options) == BoxColour::function;
  return has_functions || has_metric_curves(options) ? ProcessHues::grey : ProcessHues::distinct;
}

ProcessColours::Look ProcessColours::of(const analysis::ProcessHistory& process) const {
  const auto look = looks_.find(&process);
  return look == looks_.end() ? Look{} : look->second;
}

Hue ProcessColours::of_pid(pid_t pid) const {
  const auto hue = by_pid_.find(pid);
  return hue == by_pid_.end() ? Hue{Hue::Role::rest} : hue->second;
}

}  // namespace mprofpp::chart
