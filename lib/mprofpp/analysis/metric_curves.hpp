#pragma once

#include <map>

#include "mprofpp/analysis/grid.hpp"
#include "mprofpp/analysis/series.hpp"
#include "mprofpp/analysis/tick_times.hpp"
#include "mprofpp/model/metric.hpp"
#include "mprofpp/model/record.hpp"

namespace mprofpp::analysis {

/// Collects the curves of the MEM line in the other metrics that its records have. They may be read less
/// often than every tick.
class MetricCurves {
 public:
  /// `ticks` outlives it.
  MetricCurves(const Grid& grid, const TickTimes& ticks) : grid_(grid), ticks_(ticks) {}

  /// Adds the readings of a tick. `interval` is that of the recording in seconds.
  void add(const model::Sample& sample, double interval);
  /// The same for the ticks that have no lines.
  void add(const model::Held& total, double interval);
  void interrupt();

  std::map<model::Metric, Series> finish() { return std::move(curves_); }

 private:
  Series& curve_from(model::Metric metric, Instant t, double interval);

  Grid grid_;
  const TickTimes& ticks_;
  std::map<model::Metric, Series> curves_;
  std::map<model::Metric, Instant> last_read_;
};

}  // namespace mprofpp::analysis
