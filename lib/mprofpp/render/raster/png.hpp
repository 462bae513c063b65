#pragma once

#include <cairo.h>

#include <string>

namespace mprofpp::render {

/// Returns the PNG file of an image of the format CAIRO_FORMAT_RGB24; empty if memory runs out. It is
/// compressed for speed: Cairo's own writer tries five filters for every row and takes three times as long,
/// and its files of charts are hardly smaller.
std::string encode_png(cairo_surface_t* image);

}  // namespace mprofpp::render
