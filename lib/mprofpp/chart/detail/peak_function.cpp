#include "mprofpp/chart/detail/peak_function.hpp"

#include <cmath>
#include <vector>

#include "mprofpp/analysis/names.hpp"
#include "mprofpp/chart/detail/parts.hpp"
#include "mprofpp/chart/labels.hpp"

namespace mprofpp::chart {
namespace {

/// Returns how far the MEM line rose to its peak from the lowest sample before it.
double rise_to(const analysis::History& history, Point peak) {
  double lowest = peak.mib;
  for (const auto& stroke : history.total.strokes()) {
    for (const auto& point : stroke) {
      if (point.seconds <= peak.seconds) lowest = std::fmin(lowest, point.mib);
    }
  }
  return peak.mib - lowest;
}

/// Returns the memory of a process at a time if the recording has its curve, else unknown.
double own_memory_at(const analysis::History& history, pid_t pid, double seconds) {
  double mib = analysis::unknown;
  for (const auto& process : history.processes) {
    const bool is_same = process.id.pid == pid && !process.series.empty();
    if (is_same) mib = std::fmax(mib, value_at(process.series.strokes(), seconds));
  }
  return mib;
}

/// Returns the MiB that a call had added to its process by the time of the peak. If MEM is a sum and the
/// process has no curve, this is what the call added until its end.
double added_until(const analysis::History& history, const analysis::Span& call, Point peak) {
  const auto pid = history.spans.lanes[call.lane].pid;
  const double own = own_memory_at(history, pid, peak.seconds);
  if (!std::isnan(own) && !std::isnan(call.rss_in)) return own - call.rss_in;
  if (history.includes_children()) return call.growth;
  return peak.mib - (std::isnan(call.rss_in) ? call.mib_in : call.rss_in);
}

}  // namespace

std::string function_of_peak(const analysis::History& history, Point peak) {
  // calls know their RSS only
  if (history.settings.metric.value_or(model::Metric::rss) != model::Metric::rss) return {};
  const double enough = rise_to(history, peak) / 2;
  const analysis::Span* innermost = nullptr;
  for (const auto& span : history.spans.spans) {
    const bool was_running = span.begin <= peak.seconds && span.end >= peak.seconds;
    if (!was_running || span.calls > 1) continue;
    if (innermost != nullptr && span.row <= innermost->row) continue;
    if (added_until(history, span, peak) > enough) innermost = &span;
  }
  if (innermost == nullptr) return {};
  const auto& functions = history.spans.functions;
  std::vector<std::string> names;
  for (const auto& function : functions) names.push_back(one_line(function.name));
  return analysis::short_names(names)[innermost->function];
}

}  // namespace mprofpp::chart
