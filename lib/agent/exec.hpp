#pragma once

namespace mprofpp::agent {

/// Once, before the program's own constructors.
void find_real_functions();

}  // namespace mprofpp::agent
