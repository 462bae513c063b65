#pragma once

#include <string>
#include <vector>

namespace mprofpp::analysis {

/// Returns for every name its shortest ending that no other name of the list has. Names are split at dots
/// and `::`: `a.b.load` and `c.load` become `b.load` and `c.load`, `app::Log<a::B>::save` becomes `save`.
/// Equal names count as one. A name that is the ending of another stays whole.
std::vector<std::string> short_names(const std::vector<std::string>& names);

}  // namespace mprofpp::analysis
