#pragma once

#include <string>
#include <vector>

namespace mprofpp::analysis {

/// For every name of parts, with dots or `::` between them, its shortest ending that no other name
/// of the list has: `a.b.load` and `c.load` become `b.load` and `c.load`, `app::Log<a::B>::save`
/// becomes `save`. A name that occurs twice, or is the ending of another, stays whole.
std::vector<std::string> short_names(const std::vector<std::string>& names);

}  // namespace mprofpp::analysis
