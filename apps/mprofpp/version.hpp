#pragma once

#include <string>

namespace mprofpp::app {

/// "mprofpp 0.1.0\n"
inline std::string version_line() {
  return "mprofpp " MPROFPP_VERSION "\n";
}

}  // namespace mprofpp::app
