#pragma once

#include <string>
#include <vector>

#include "console.hpp"
#include "mprofpp/base/result.hpp"

namespace mprofpp::app {

enum class Removal { done, announced };

/// Removes the files, or with Removal::announced prints them, and answers the exit status. One that
/// cannot be removed does not keep the others.
int remove(const Result<std::vector<std::string>>& files, Removal removal, const Console& console);

}  // namespace mprofpp::app
