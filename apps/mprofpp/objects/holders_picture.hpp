#pragma once

#include <string>

#include "mprofpp/inspect/holders_text.hpp"

namespace mprofpp::app {

/// Returns the chains of references as a picture: an SVG document, in which each object is one box.
std::string holders_svg(const inspect::HoldersLook& look);
/// Returns an HTML page with the picture and the text.
std::string holders_html(const inspect::HoldersLook& look);

}  // namespace mprofpp::app
