#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mprofpp/analysis/function_peak.hpp"
#include "mprofpp/analysis/losses.hpp"
#include "mprofpp/analysis/window.hpp"
#include "mprofpp/base/result.hpp"
#include "mprofpp/report/peaks.hpp"
#include "mprofpp/report/recording.hpp"

namespace mprofpp::report {

/// The calls and the memory of a function in a recording.
struct FunctionReport {
  std::string function;
  analysis::FunctionCalls calls;
  std::optional<analysis::FunctionSample> sampled;

  /// Returns the highest reading of the processes that ran the function: at entries, at exits and in
  /// samples, because a call shorter than the interval contains no sample. If those processes have no
  /// readings, returns the highest sample of the total.
  std::optional<double> peak_mib() const;
};

/// Functions of a recording, and the losses: lost marks may be of these functions.
struct FunctionReports {
  std::vector<FunctionReport> functions;  ///< at least one; those whose calls added most are first
  analysis::Losses losses;
};

/// Reads the functions that `wanted` names in a run, or in a window of it: a name, the end of one,
/// or a pattern such as `app.*`. Errors: those of read() and of analysis::pick_functions(); not_found, with
/// the name of the recording, if it has no function marks, or no calls in the window; not_found, too, if the
/// functions were called only outside the window.
Result<FunctionReports> read_functions(const RecordedRun& run, const analysis::Window& window,
                                       const std::string& wanted);

/// Formats the functions as a table. The line above the table is mprof's: the peak of the function
/// or, if there are several, their number.
std::string functions_text(const RecordedRun& run, const FunctionReports& reports, Detail detail);

/// Formats each function as one line of JSON, in the same order.
std::string functions_json(const RecordedRun& run, const FunctionReports& reports);

}  // namespace mprofpp::report
