#pragma once

#include <string>

#include "mprofpp/analysis/peak.hpp"
#include "peak_report.hpp"

namespace mprofpp::app {

/// The processes of a recording as an indented tree, a line each: peak, when first and last seen, pid
/// and command; in all detail also the part of the machine's memory, the address space and the other
/// metrics. A process whose parent is not in the recording stands at the left.
std::string process_tree_text(const analysis::PeakReport& report, Detail detail);

}  // namespace mprofpp::app
