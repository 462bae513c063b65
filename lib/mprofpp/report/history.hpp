#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "mprofpp/analysis/history.hpp"
#include "mprofpp/base/result.hpp"
#include "mprofpp/report/recording.hpp"
#include "mprofpp/report/time_window.hpp"
#include "mprofpp/store/reader.hpp"

namespace mprofpp::report {

/// A run, and the times that a chart shows as its start and its end.
struct TimedRun {
  RecordedRun run;
  store::TimeRange range;
};

/// Finds the first and the last time in the run. Fails as read() does.
Result<TimedRun> with_times(RecordedRun run);

/// Lets all runs count from the earliest start, so that a chart can show each at its time of the
/// day. There is at least one run.
void share_start(std::vector<TimedRun>& runs);

/// The part of a run that is read, and how.
struct HistoryRequest {
  std::optional<TimeWindow> window = {};
  std::size_t columns = 2000;
  std::optional<model::Metric> metric = {};  ///< of the curves; by default that of the MEM lines
  analysis::Grid::Trends trends = analysis::Grid::Trends::fitted;
};

/// Returns the columns for a part of a run.
analysis::Grid grid_for(const TimedRun& run, const HistoryRequest& request);

/// Reads a run into a history. It is not an error if there is no sample (see nothing_to_draw()). Fails as
/// read() does.
Result<analysis::History> read_history(const TimedRun& run, const HistoryRequest& request);

/// Returns the error for a run without a metric, with those that it has. Its code is not_found.
Error no_such_metric(const TimedRun& run, const analysis::History& history, model::Metric metric);

/// Returns the error for a history without samples: malformed, or not_found with the length of the
/// run if only a window was read.
Error nothing_to_draw(const TimedRun& run, const std::optional<TimeWindow>& window);

}  // namespace mprofpp::report
