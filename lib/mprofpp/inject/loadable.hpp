#pragma once

#include <string>

#include "mprofpp/base/result.hpp"

namespace mprofpp::inject {

/// Returns the bytes of a library that are needed to load it: what its segments contain, without debug
/// information and the table of sections. Errors: those of reading it; malformed if it is not a library for
/// this machine.
Result<std::string> read_loadable_part(const std::string& path);

/// Does the same with the bytes of a file.
Result<std::string> loadable_part(std::string file);

}  // namespace mprofpp::inject
