#pragma once

#include <string>

#include "mprofpp/base/result.hpp"

namespace mprofpp::app {

/// Where our other files are, relative to the running executable. A build folder has the same
/// layout as an installation, so both work and an installation can be moved.
struct Layout {
  std::string hold;   ///< libexec/mprofpp/hold, which becomes the recorded program
  std::string agent;  ///< lib/mprofpp/libmprofpp-agent.so, which tells of the program's marks
  std::string draw;   ///< lib/mprofpp/libmprofpp-draw.so, Cairo and Pango for `plot`
};
Layout find_layout();

/// Errors: not_found when that file of ours is not there.
Result<void> check_part(const std::string& path);

}  // namespace mprofpp::app
