#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mprofpp/analysis/function_peak.hpp"

namespace mprofpp::app {

/// What is known of a function in a recording.
struct FunctionReport {
  std::string file;
  std::string function;
  analysis::FunctionCalls calls;
  std::optional<analysis::FunctionSample> sampled;

  /// The highest reading of the processes that ran it, at entries, at exits and in samples: a call shorter
  /// than the interval has no sample inside. Without any such reading, the highest sample of the total.
  std::optional<double> peak_mib() const;
};

/// One function as `peak --func` prints it, mprof's line first; several, of one recording, as a table. Those
/// whose calls added most come first.
std::string as_text(std::vector<FunctionReport> reports);
/// A line of JSON for each, in the same order.
std::string as_json_lines(std::vector<FunctionReport> reports);

}  // namespace mprofpp::app
