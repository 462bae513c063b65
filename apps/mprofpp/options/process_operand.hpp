#pragma once

#include <optional>
#include <string>
#include <vector>

#include "console/console.hpp"
#include "mprofpp/base/result.hpp"
#include "mprofpp/proc/find.hpp"

namespace mprofpp::app {

/// Returns the processes that an operand PID or NAME may mean. Errors: those of proc::find_by_pid().
Result<std::vector<proc::Candidate>> find_processes(const std::string& operand);

/// Reports that an operand does not match exactly one process: none, with a hint, or several, which are
/// listed.
void report_unclear(const std::string& operand, const std::vector<proc::Candidate>& found,
                    const std::string& hint, const Console& console);

/// Returns the process that an operand means. If that is unclear, or is mprofpp itself, reports that and
/// returns nothing.
std::optional<proc::Candidate> find_process(const std::string& operand, const Console& console);

}  // namespace mprofpp::app
