#pragma once

#include <string>

#include "mprofpp/base/result.hpp"
#include "mprofpp/chart/figure.hpp"

namespace mprofpp::app {

enum class PictureFormat { png, svg, pdf };

/// By the name's suffix. Errors: invalid_argument, saying which suffixes there are.
Result<PictureFormat> picture_format(const std::string& path);

/// How large a picture is and how it looks.
struct PictureLook {
  double width = 0;  ///< pixels of the picture; 0: what suits the figure
  double height = 0;
  double dpi = 96;  ///< of the picture: letters and lines grow with it
  chart::Theme theme = chart::Theme::light;
};

/// Pixels the picture will be wide, before there is a figure.
double picture_width(const PictureLook& look);

/// Draws the figure; the bytes are what the file will hold.
Result<std::string> draw_picture(const chart::Figure& figure, PictureFormat format,
                                 const PictureLook& look);

}  // namespace mprofpp::app
