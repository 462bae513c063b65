#pragma once

#include <string>

#include "mprofpp/base/result.hpp"

namespace mprofpp::app {

/// The paths of mprofpp's other files. They are relative to the running executable: a build folder has
/// the same layout as an installation, so both work, and an installation can be moved.
struct Layout {
  std::string hold;   ///< libexec/mprofpp/hold, which becomes the recorded program
  std::string agent;  ///< lib/mprofpp/libmprofpp-agent.so, which makes marks in recorded programs
  std::string attached_agent;  ///< lib/mprofpp/libmprofpp-attach.so, the same for running programs
  std::string draw;            ///< lib/mprofpp/libmprofpp-draw.so, which draws with Cairo and Pango
  std::string page;            ///< share/mprofpp/html/page.html, the page without a recording
};
Layout find_layout();

/// The hint for a file of the layout that is missing.
inline constexpr const char* parts_hint =
    "mprofpp needs its folders bin, lib and libexec side by side";

/// Checks that a file of the layout exists. Errors: not_found.
Result<void> check_part(const std::string& path);

}  // namespace mprofpp::app
