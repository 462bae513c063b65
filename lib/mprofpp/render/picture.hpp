#pragma once

#include <string>
#include <string_view>

#include "mprofpp/base/result.hpp"
#include "mprofpp/chart/figure.hpp"

namespace mprofpp::render {

enum class PictureFormat { png, svg, pdf };

/// Returns the format for the suffix of a file name. Errors: invalid_argument, with the suffixes that are
/// supported.
Result<PictureFormat> picture_format(const std::string& path);
/// Returns the suffix of a file in that format, with the dot.
std::string_view suffix_of(PictureFormat format);

/// The size and look of a picture.
struct PictureLook {
  double width = 0;   ///< pixels; 0 means a size that suits the figure
  double height = 0;  ///< pixels
  double dpi = 96;    ///< pixels per inch: text and lines grow with it
  chart::Theme theme = chart::Theme::light;
};

/// Returns the width of the picture in pixels, before its figure is known.
double picture_width(const PictureLook& look);

/// Draws the figure and returns the bytes of the picture file. PNG and PDF are drawn by the library
/// `draw_module`, libmprofpp-draw.so; SVG needs no library. Errors: those of DrawModule::load(); io.
Result<std::string> draw_picture(const chart::Figure& figure, PictureFormat format,
                                 const PictureLook& look, const std::string& draw_module);

}  // namespace mprofpp::render
