#include "mprofpp/report/history.hpp"

#include <algorithm>
#include <utility>

namespace mprofpp::report {

Result<TimedRun> with_times(RecordedRun run) {
  const auto range = time_range(run);
  if (!range) return Failure(range.error());
  return TimedRun{std::move(run), *range};
}

void share_start(std::vector<TimedRun>& runs) {
  const auto earliest =
      std::min_element(runs.begin(), runs.end(), [](const auto& a, const auto& b) {
        return a.range.first < b.range.first;
      })->range.first;
  for (auto& run : runs) run.range.first = earliest;
}

analysis::Grid grid_for(const TimedRun& run, const HistoryRequest& request) {
  const auto& window = request.window;
  analysis::Grid grid;
  grid.origin = grid.begin = run.range.first;
  grid.end = run.range.last;
  grid.columns = request.columns;
  grid.trends = request.trends;
  if (!window) return grid;
  grid.outside = analysis::Grid::Outside::cut;
  grid.begin = grid.origin + window->from.value_or(Duration::zero());
  if (window->to) grid.end = grid.origin + *window->to;
  return grid;
}

Result<analysis::History> read_history(const TimedRun& run, const HistoryRequest& request) {
  analysis::HistoryFold fold(grid_for(run, request), request.metric);
  if (auto done = read(run.run, fold); !done) return Failure(std::move(done.error()));
  return fold.finish();
}

Error no_such_metric(const TimedRun& run, const analysis::History& history, model::Metric metric) {
  std::vector<std::string> names;
  for (const auto metric_of_file : history.metrics()) {
    names.emplace_back(model::name_of(metric_of_file));
  }
  std::string known = "only ";
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) known += i + 1 == names.size() ? " and " : ", ";
    known += names[i];
  }
  const auto what = "has no " + std::string(model::name_of(metric)) + ", " + known;
  return Error{Errc::not_found, run.run.name, what};
}

Error nothing_to_draw(const TimedRun& run, const std::optional<TimeWindow>& window) {
  return window ? no_samples_in_window(run.run, run.range) : no_samples(run.run);
}

}  // namespace mprofpp::report
