#pragma once

#include <cstddef>
#include <cstdint>

#include "mprofpp/render/scene.hpp"

/// The interface of libmprofpp-draw.so, which draws with Cairo and sets text with Pango. The program loads it
/// when it has a picture to draw. Each side has a C++ runtime of its own, so only C functions, plain data and
/// a Scene that is only read pass between them, and no exceptions.
namespace mprofpp::render {

enum class RasterFormat { png, pdf };

struct RasterRequest {
  const Scene* scene = nullptr;
  RasterFormat format = RasterFormat::png;
  double scale = 1;  ///< pixels of the PNG per pixel of the picture
  void (*write)(void* to, const char* bytes, std::size_t count) = nullptr;
  void* to = nullptr;
};

struct TextRequest {
  const char* text = nullptr;
  std::size_t length = 0;
  double size = 11;
  TextWeight weight = TextWeight::normal;
};

/// Differs between builds that could have another layout of the types above: see lib/CMakeLists.txt.
inline constexpr std::uint32_t raster_stamp = MPROFPP_RASTER_STAMP;

/// The functions of the module. The program compares `stamp` with its own before it uses anything else.
struct RasterModule {
  std::uint32_t stamp = 0;
  /// Returns true if a thread can be started. If not, GLib ends the process when Pango starts one, so ask
  /// before open().
  bool (*has_threads)() = nullptr;
  void* (*open)() = nullptr;  ///< returns null if there is not enough memory
  void (*close)(void* handle) = nullptr;
  /// Returns true if there is a font. Without one every letter is drawn as a box.
  bool (*has_font)(void* handle) = nullptr;
  double (*text_width)(void* handle, const TextRequest& request) = nullptr;  ///< in pixels
  /// Returns null, or an error message that is never freed.
  const char* (*draw)(void* handle, const RasterRequest& request) = nullptr;
};

inline constexpr const char* raster_symbol = "mprofpp_raster_module";
using RasterEntry = const RasterModule* (*)();

}  // namespace mprofpp::render
