#pragma once

#include <string>
#include <vector>

namespace mprofpp::report {

/// Returns short names for the files, each with as many of its folders as distinguish it from the others:
/// "x.dat" and "y.dat", but "before/x.dat" and "after/x.dat".
std::vector<std::string> short_labels(const std::vector<std::string>& paths);

}  // namespace mprofpp::report
