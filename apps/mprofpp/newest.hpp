#pragma once

#include <string>

#include "console.hpp"
#include "mprofpp/base/result.hpp"

namespace mprofpp::app {

/// The recording that is meant where none is named, and says which it is. One that `run -o` named is
/// never it, and that is said too where it is newer. Errors: not_found.
Result<std::string> newest_of_this_folder(const Console& console);

}  // namespace mprofpp::app
