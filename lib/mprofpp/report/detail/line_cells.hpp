#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mprofpp/report/line_tables.hpp"

namespace mprofpp::report {

/// The cells of a line as text. Empty if the line was not executed, or has not ended yet.
struct LineCells {
  std::string memory;
  std::string increment;
  std::string occurrences;
  std::string peak;  ///< "-" if the line was executed but the peak was not recorded
  std::string time;
};

/// Returns the cells of a line, memory with that many decimals.
LineCells cells_of(const ReportedLine& line, int decimals);

/// Returns the cells of the optional columns in their order.
std::vector<std::string> extra_cells(const LineCells& cells, LineColumns columns);
/// Returns the headers of these columns.
std::vector<std::string> extra_headers(LineColumns columns);

/// Returns the name of the process that a table belongs to, such as "process 12 (gunicorn)"; empty for a
/// table of all processes.
std::string process_of(const analysis::LineTable& table);

/// Returns a line of a source with control characters made visible, except tabs and form feeds.
std::string shown_source(std::string_view text);

}  // namespace mprofpp::report
