#pragma once

#include <string>

#include "mprofpp/analysis/peak.hpp"

namespace mprofpp::app {

/// The processes of a recording as an indented tree, a line each: peak, when first and last seen, pid
/// and command. A process whose parent is not in the recording stands at the left.
std::string process_tree_text(const analysis::PeakReport& report);

}  // namespace mprofpp::app
