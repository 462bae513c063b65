#pragma once

#include <string>

#include "mprofpp/render/scene.hpp"

namespace mprofpp::render {

/// Returns the scene as an SVG document. Text stays text, and a tooltip becomes the <title> of its shape. The
/// same scene gives the same bytes on every machine.
std::string to_svg(const Scene& scene);

}  // namespace mprofpp::render
