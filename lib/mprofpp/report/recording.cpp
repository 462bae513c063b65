#include "mprofpp/report/recording.hpp"

#include <utility>

#include "mprofpp/base/units.hpp"

namespace mprofpp::report {
namespace {

/// Returns the error with the name for people in place of the path that was opened.
Failure failure_of(const RecordedRun& run, Error error) {
  if (error.place == run.path) error.place = run.name;
  return Failure(std::move(error));
}

}  // namespace

Result<RecordedRun> last_run(const std::string& name, const std::string& path) {
  RecordedRun run{.name = name, .path = path};
  auto runs = store::find_runs(path);
  if (!runs) return failure_of(run, std::move(runs.error()));
  run.runs = std::move(*runs);
  run.number = run.runs.size();
  return run;
}

Result<RecordedRun> choose_run(RecordedRun run, std::size_t number) {
  if (number < 1 || number > run.runs.size()) {
    return fail(Errc::not_found, run.name, "has no run " + std::to_string(number),
                run.runs.size() == 1 ? "it has only one" : "");
  }
  run.number = number;
  return run;
}

Result<void> read(const RecordedRun& run, model::Sink& sink) {
  auto done = store::read(run.path, sink, run.run());
  return done ? done : failure_of(run, std::move(done.error()));
}

Result<store::TimeRange> time_range(const RecordedRun& run) {
  auto range = store::time_range(run.path, run.run());
  if (!range) return failure_of(run, std::move(range.error()));
  return range->value_or(store::TimeRange{});
}

Result<analysis::Window> window_in(const RecordedRun& run, const TimeWindow& window) {
  if (window.is_whole()) return analysis::Window{};
  const auto range = time_range(run);
  if (!range) return Failure(range.error());
  return window_from(window, range->first);
}

Error no_samples(const RecordedRun& run) {
  return {Errc::malformed, run.name, "has no memory samples",
          "the recording ended before the first one"};
}

Error no_samples_in_window(const RecordedRun& run, const store::TimeRange& range) {
  return {Errc::not_found, run.name, "has no samples in that window",
          "it lasts " + readable(range.last - range.first)};
}

std::string damage_text(const RecordedRun& run, std::uint64_t lines, const model::Damage& first) {
  const std::string where = "line " + std::to_string(first.line) + ": " + first.reason;
  if (lines == 1) return run.name + ": skipped 1 damaged line (" + where + ")";
  return run.name + ": skipped " + std::to_string(lines) + " damaged lines (the first, " + where +
         ")";
}

}  // namespace mprofpp::report
