#pragma once

#include <string>

#include "mprofpp/render/scene.hpp"

namespace mprofpp::render {

/// The scene as an SVG document: text is text, and what has a tooltip carries it as a <title>. The
/// same scene gives the same bytes on every machine.
std::string to_svg(const Scene& scene);

}  // namespace mprofpp::render
