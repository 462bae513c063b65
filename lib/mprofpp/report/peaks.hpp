#pragma once

#include <string>

#include "mprofpp/analysis/peak.hpp"
#include "mprofpp/analysis/window.hpp"
#include "mprofpp/base/result.hpp"
#include "mprofpp/report/recording.hpp"

namespace mprofpp::report {

/// How much a report contains. `all` adds statistics, the share of the machine's memory, the
/// address space and the additional metrics that were recorded.
enum class Detail { peaks, all };

/// Reads the peaks of a run, or of a window of it. It is not an error if there is no sample (see
/// no_samples()). Fails as read() does.
Result<analysis::PeakReport> read_peaks(const RecordedRun& run, const analysis::Window& window);

/// Formats the peaks as mprof does, `<file>\t%.3f MiB` and `  Child PID\t\t\t%.3f MiB`, with
/// mprofpp's own lines in between. The report must have a sample.
std::string peaks_text(const RecordedRun& run, const analysis::PeakReport& report, Detail detail);

/// Formats the peaks as one line of JSON. Fields are added but never removed; `schema` increases when the
/// meaning of a field changes.
std::string peaks_json(const RecordedRun& run, const analysis::PeakReport& report);

}  // namespace mprofpp::report
