#pragma once

#include <string>

#include "mprofpp/report/line_tables.hpp"

/// The tables of lines as text for people and for programs. None contains control characters of a source,
/// except tabs and form feeds.
namespace mprofpp::report {

/// Formats the tables as memory_profiler 0.61 does, byte for byte if the numbers are the same. A table of one
/// process has its pid and name on a line before. The notes are left out, because scripts parse this text.
std::string line_tables_text(const LineReports& reports, const LineStyle& style);

/// Formats each function as a header, a table of GitHub and its notes.
std::string line_tables_markdown(const LineReports& reports, const LineStyle& style);

/// Formats each function as one line of JSON.
std::string line_tables_json(const RecordedRun& run, const LineReports& reports);

}  // namespace mprofpp::report
