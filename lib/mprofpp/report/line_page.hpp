#pragma once

#include <string>

#include "mprofpp/report/line_tables.hpp"

namespace mprofpp::report {

/// Formats the tables of lines as an HTML page that needs no other file: the source of each function with
/// line numbers and figures. A line is the redder the more memory it added, and the bluer the more it gave
/// back. The page has a light and a dark theme, and can be printed.
std::string line_tables_html(const RecordedRun& run, const LineReports& reports,
                             const LineStyle& style);

}  // namespace mprofpp::report
