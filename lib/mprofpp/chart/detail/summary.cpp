#include "mprofpp/chart/detail/summary.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "mprofpp/base/text.hpp"
#include "mprofpp/base/units.hpp"
#include "mprofpp/chart/detail/parts.hpp"
#include "mprofpp/chart/labels.hpp"

namespace mprofpp::chart {
namespace {

using analysis::History;
using Certainty = analysis::BestPeak::Certainty;

std::string counted(std::uint64_t count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

std::string peak_text(const analysis::BestPeak& peak) {
  return (peak.certainty == Certainty::at_least ? "at least " : "") + memory_text(peak.mib);
}

void add_peak(std::vector<std::string>& parts, const History& history) {
  const auto peak = best_peak(history);
  if (!peak) return;
  if (history.statistics.samples == 1) {
    parts.push_back("one sample of " + memory_text(history.total.highest().mib));
    return;
  }
  const auto* pss_line = history.total_in(model::Metric::pss);
  const auto pss =
      is_pss_of_peak(history) ? " (PSS " + memory_text(pss_line->highest().mib) + ")" : "";
  parts.push_back("peak " + peak_text(*peak) + pss);
}

/// Adds the peak of each metric.
void add_peaks(std::vector<std::string>& parts, const History& history,
               const std::vector<model::Metric>& metrics) {
  for (const auto metric : metrics) {
    const auto& total = *history.total_in(metric);
    if (total.empty()) continue;
    parts.push_back(upper(model::name_of(metric)) + " peak " + memory_text(total.highest().mib));
  }
}

/// Adds what the samples of the MEM line show.
void add_statistics(std::vector<std::string>& parts, const History& history) {
  add_peak(parts, history);
  const auto& statistics = history.statistics;
  if (statistics.mean_mib && statistics.samples > 1) {
    parts.push_back("mean " + memory_text(*statistics.mean_mib));
  }
  if (statistics.growth_mib) {
    const auto growth = growth_text(*statistics.growth_mib);
    parts.push_back((growth == "0" ? "no growth" : growth) + " from the first minute to the last");
  }
}

/// Adds what the recorder missed.
void add_losses(std::vector<std::string>& parts, const History& history, Calls calls) {
  const auto gaps = history.gaps > 0 ? counted(history.gaps, "gap") + ", " : "";
  if (history.gaps + history.losses.ticks > 0) {
    parts.push_back(gaps + counted(history.losses.ticks, "tick") + " missed");
  }
  const auto suspended = duration_from_seconds(history.losses.suspended);
  if (suspended && *suspended > Duration::zero()) {
    parts.push_back("suspended for " + readable(*suspended));
  }
  if (history.losses.change > 0) {
    parts.push_back("changes up to " + memory_text(history.losses.change) + " left out");
  }
  if (calls == Calls::hidden) return;
  if (history.losses.marks > 0) parts.push_back(counted(history.losses.marks, "mark") + " lost");
  if (history.marks_left_out > 0) {
    parts.push_back(counted(history.marks_left_out, "mark") + " not drawn");
  }
}

}  // namespace

bool is_pss_of_peak(const History& history) {
  const auto* pss = history.total_in(model::Metric::pss);
  if (pss == nullptr || pss->empty() || history.total.empty()) return false;
  if (history.settings.metric.value_or(history.own_metric) != history.own_metric) return false;
  if (pss == &history.total) return false;
  constexpr double most_of_length = 0.05;
  const double interval = to_seconds(history.settings.interval.value_or(Duration::zero()));
  const double distance = pss->highest().seconds - history.total.highest().seconds;
  const double length = history.total.last() - history.total.first();
  return std::abs(distance) <= std::max(most_of_length * length, 2 * interval);
}

std::vector<std::string> summary_of(const History& history, const ChartOptions& options) {
  std::vector<std::string> parts;
  const bool has_curves = options.view == View::lines && !options.total_metrics.empty();
  has_curves ? add_peaks(parts, history, options.total_metrics) : add_statistics(parts, history);
  add_losses(parts, history, options.calls);
  return parts;
}

std::vector<std::string> summary_of(const std::vector<Source>& sources) {
  std::vector<analysis::BestPeak> peaks;
  for (const auto& source : sources) {
    if (metric_name(source.history) != metric_name(sources.front().history)) return {};
    if (const auto peak = best_peak(source.history)) peaks.push_back(*peak);
  }
  if (peaks.empty()) return {};
  const auto [least, most] = std::minmax_element(
      peaks.begin(), peaks.end(), [](const auto& a, const auto& b) { return a.mib < b.mib; });
  const auto first = peak_text(*least);
  const auto last = peak_text(*most);
  if (first == last) return {"peaks of " + first};
  return {"peaks from " + first + " to " + last};
}

}  // namespace mprofpp::chart
