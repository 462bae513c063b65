#pragma once

#include <string>
#include <string_view>

#include "mprofpp/model/record.hpp"

namespace mprofpp::dat {

/// Returns the comma list at the end of a LINE line: `peak=`, `time=` and, for the first line of a function,
/// the facts about its calls. "-" if there are none.
std::string line_facts_text(const model::Line& line);

/// Adds the facts of such a list to `line`. Skips those that this version does not know, facts about calls
/// that are not of a function's first line, and values that are wrong.
void read_line_facts(std::string_view list, model::Line& line);

}  // namespace mprofpp::dat
