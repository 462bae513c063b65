#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mprofpp/analysis/line_tables.hpp"
#include "mprofpp/base/result.hpp"
#include "mprofpp/report/recording.hpp"

namespace mprofpp::report {

/// Whether a function's source is still the one that ran.
enum class SourceState {
  same,
  changed,  ///< the file has other content now
  missing,  ///< the file cannot be read
  typed     ///< the function was never in a file: it comes from a prompt or from exec()
};

/// A line of a function: its text, and its numbers if it was executed.
struct ReportedLine {
  int number = 0;
  std::string text;  ///< UTF-8, without its line end; empty if the source is not the same
  std::optional<analysis::LineRow> row;
};

/// A function, its source and the memory that its lines took.
struct LineReport {
  analysis::LineTable table;
  SourceState source = SourceState::same;
  /// All lines of the function, of which the first stands for its calls. Only those with numbers if the
  /// source is not the same.
  std::vector<ReportedLine> lines;

  /// Returns the number of decimals: `wanted`, otherwise that of the function's decorator, otherwise 3.
  int decimals(std::optional<int> wanted) const;
};

/// The functions of a recording whose lines were counted.
struct LineReports {
  std::vector<LineReport> functions;          ///< in the order in which they first ran
  std::uint64_t damaged_lines = 0;            ///< of the recording
  std::optional<model::Damage> first_damage;  ///< set if there are damaged lines
  bool has_ended = false;                     ///< the recorder has finished
};

/// The columns after those of memory_profiler.
struct LineColumns {
  bool peak = false;
  bool time = false;
};

/// How tables are written.
struct LineStyle {
  std::optional<int> decimals;  ///< of memory; see LineReport::decimals()
  LineColumns columns;
};

/// Reads the functions that `wanted` names in a run: a name, the end of one or a pattern such as `app.*`. All
/// are read if it is empty. Reads their sources, too. It is not an error if the run has no functions. Errors:
/// those of read() and of analysis::pick_functions().
Result<LineReports> read_line_tables(const RecordedRun& run, analysis::LineGrouping grouping,
                                     const std::string& wanted);

}  // namespace mprofpp::report
