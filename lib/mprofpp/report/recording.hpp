#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "mprofpp/base/fd.hpp"
#include "mprofpp/base/result.hpp"
#include "mprofpp/model/record.hpp"
#include "mprofpp/model/sink.hpp"
#include "mprofpp/report/time_window.hpp"
#include "mprofpp/store/reader.hpp"
#include "mprofpp/store/runs.hpp"

namespace mprofpp::report {

/// A run of a recording, which reports are made of.
struct RecordedRun {
  std::string name;                               ///< the name for people
  std::string path;                               ///< the path to open
  std::vector<store::Run> runs = {store::Run{}};  ///< all runs of the file
  std::size_t number = 1;                         ///< the number of this run, from 1
  /// The open file that `path` refers to, if it has no name of its own.
  std::shared_ptr<Fd> file = nullptr;

  const store::Run& run() const { return runs[number - 1]; }
};

/// Returns the last run of the file `path`, which people call `name`. Errors: not_found, denied, io.
Result<RecordedRun> last_run(const std::string& name, const std::string& path);

/// Returns run `number` of the same file. Errors: not_found if the file does not have that run.
Result<RecordedRun> choose_run(RecordedRun run, std::size_t number);

/// Reads the run from front to back. Fails as store::read() does; the error's place is the name for people.
Result<void> read(const RecordedRun& run, model::Sink& sink);

/// Returns the first and the last time in the run; the epoch if no record has a time. Fails as read() does.
Result<store::TimeRange> time_range(const RecordedRun& run);

/// Returns the window as times in the run. The whole run needs no time of the file. Fails as read() does.
Result<analysis::Window> window_in(const RecordedRun& run, const TimeWindow& window);

/// Returns the error for a run without samples: malformed.
Error no_samples(const RecordedRun& run);

/// Returns the error for a window without samples: not_found, with the length of the run.
Error no_samples_in_window(const RecordedRun& run, const store::TimeRange& range);

/// Returns the warning for a damaged file: "x.dat: skipped 1 damaged line (line 14: cut off after 22 bytes)".
std::string damage_text(const RecordedRun& run, std::uint64_t lines, const model::Damage& first);

}  // namespace mprofpp::report
