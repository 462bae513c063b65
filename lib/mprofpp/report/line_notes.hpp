#pragma once

#include <string>
#include <vector>

#include "mprofpp/report/line_tables.hpp"

namespace mprofpp::report {

/// Returns sentences on what makes the numbers of a function less certain, or its source differ. Each names
/// the function or its file.
std::vector<std::string> line_notes(const LineReport& report);

/// Returns the sentences of all functions. If one applies to many functions, they are only counted.
std::vector<std::string> line_notes(const LineReports& reports);

}  // namespace mprofpp::report
