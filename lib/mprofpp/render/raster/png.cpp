#include "mprofpp/render/raster/png.hpp"

#include <png.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

namespace mprofpp::render {
namespace {

constexpr std::size_t channels = 3;

/// Removes the fourth byte of each pixel, and the space at the end of each row.
std::vector<unsigned char> packed_pixels(cairo_surface_t* image, std::size_t width,
                                         std::size_t height) {
  const auto stride = static_cast<std::size_t>(cairo_image_surface_get_stride(image));
  const unsigned char* row = cairo_image_surface_get_data(image);
  std::vector<unsigned char> packed(width * height * channels);
  auto* to = packed.data();
  for (std::size_t y = 0; y < height; ++y, row += stride) {
    for (std::size_t x = 0; x < width; ++x) {
      std::uint32_t pixel = 0;
      std::memcpy(&pixel, row + x * sizeof pixel, sizeof pixel);
      *to++ = static_cast<unsigned char>(pixel >> 16);
      *to++ = static_cast<unsigned char>(pixel >> 8);
      *to++ = static_cast<unsigned char>(pixel);
    }
  }
  return packed;
}

}  // namespace

std::string encode_png(cairo_surface_t* image) {
  cairo_surface_flush(image);
  png_image header{};
  header.version = PNG_IMAGE_VERSION;
  header.format = PNG_FORMAT_RGB;
  header.flags = PNG_IMAGE_FLAG_FAST;
  header.width = static_cast<png_uint_32>(cairo_image_surface_get_width(image));
  header.height = static_cast<png_uint_32>(cairo_image_surface_get_height(image));
  const auto pixels = packed_pixels(image, header.width, header.height);
  std::string file(PNG_IMAGE_PNG_SIZE_MAX(header), '\0');
  png_alloc_size_t size = file.size();
  const bool is_written =
      png_image_write_to_memory(&header, file.data(), &size, 0, pixels.data(), 0, nullptr) != 0;
  file.resize(is_written ? size : 0);
  return file;
}

}  // namespace mprofpp::render
