#pragma once

#include <string>

#include "mprofpp/analysis/peak.hpp"
#include "mprofpp/report/peaks.hpp"

namespace mprofpp::report {

/// Formats the processes of a recording as an indented tree. Each line has the peak, the times when the
/// process was first and last seen, its pid and its command. Detail::all adds the share of the machine's
/// memory, the address space and the additional metrics. A process whose parent is not in the recording
/// is not indented. Empty if the recording names no processes.
std::string process_tree_text(const analysis::PeakReport& report, Detail detail);

}  // namespace mprofpp::report
