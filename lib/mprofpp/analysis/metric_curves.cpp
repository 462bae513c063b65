#include "mprofpp/analysis/metric_curves.hpp"

namespace mprofpp::analysis {
namespace {

constexpr double most_joined = 15;  ///< usual steps between readings; a longer time is a gap

}  // namespace

/// Returns the curve, interrupted if the metric was not read for long before `t`.
Series& MetricCurves::curve_from(model::Metric metric, Instant t, double interval) {
  auto& curve = curves_.try_emplace(metric, Series(grid_)).first->second;
  const auto last = last_read_.find(metric);
  const bool is_late = last != last_read_.end() &&
                       to_seconds(t - last->second) > most_joined * ticks_.usual_step(interval);
  if (is_late) curve.interrupt();
  return curve;
}

void MetricCurves::add(const model::Sample& sample, double interval) {
  for (const auto& [metric, mib] : sample.extra_readings) {
    curve_from(metric, sample.t, interval).add(sample.t, mib);
    last_read_[metric] = sample.t;
  }
}

void MetricCurves::add(const model::Held& total, double interval) {
  for (const auto& [metric, mib] : total.extra_readings) {
    auto& curve = curve_from(metric, total.first, interval);
    curve.add(total.first, mib);
    if (total.last > total.first) curve.add(total.last, mib);
    last_read_[metric] = total.last;
  }
}

void MetricCurves::interrupt() {
  for (auto& [metric, curve] : curves_) curve.interrupt();
}

}  // namespace mprofpp::analysis
