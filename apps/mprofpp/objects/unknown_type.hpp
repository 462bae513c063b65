#pragma once

#include <string>
#include <vector>

#include "mprofpp/base/result.hpp"

namespace mprofpp::app {

/// Returns the error for a type that no object has; `near` are similar names.
Error unknown_type(const std::string& type, const std::vector<std::string>& near);

}  // namespace mprofpp::app
