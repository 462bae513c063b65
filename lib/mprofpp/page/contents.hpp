#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mprofpp/analysis/history.hpp"
#include "mprofpp/analysis/peak.hpp"
#include "mprofpp/base/result.hpp"
#include "mprofpp/leak/report.hpp"
#include "mprofpp/model/metric.hpp"
#include "mprofpp/page/call_fold.hpp"
#include "mprofpp/page/process_facts.hpp"
#include "mprofpp/report/functions.hpp"
#include "mprofpp/report/history.hpp"
#include "mprofpp/report/line_tables.hpp"
#include "mprofpp/report/time_window.hpp"

namespace mprofpp::page {

/// Whether a page shows the calls of functions and the marks.
enum class Calls { shown, hidden };

/// The part of a recording that a page shows, and how it starts.
struct PageRequest {
  std::optional<report::TimeWindow> window = {};
  std::optional<model::Metric> metric = {};  ///< shown first; by default that of the MEM lines
  std::string title = {};                    ///< by default the command
  std::optional<double> limit_mib = {};      ///< a limit to draw
  Calls calls = Calls::shown;
};

/// Everything that a page shows of a recording, whatever fits into it.
struct Contents {
  report::TimedRun run;
  analysis::History history;              ///< in the metric of the MEM lines
  std::vector<analysis::History> others;  ///< in the other metrics that were recorded
  analysis::PeakReport peaks;
  leak::LeakReport leak;
  std::vector<report::FunctionReport> functions;
  report::LineReports lines;
  PageCalls calls;
  ProcessFacts facts;
  /// The numbers of the colours of history.processes; nothing for that of the rest.
  std::vector<std::optional<std::size_t>> colours;
};

/// Reads a run. It is read again for each of: other metrics, functions, and lines. Fails as report::read()
/// does; with the error for no samples if there is none in the shown time, and not_found if the run does not
/// have the metric.
Result<Contents> read_contents(const report::TimedRun& run, const PageRequest& request);

}  // namespace mprofpp::page
