#pragma once

#include <cstddef>

#include "mprofpp/render/scene.hpp"

/// The door of libmprofpp-draw.so, which draws with Cairo and sets text with Pango. The program
/// loads it when it has a picture to draw; both sides carry a C++ runtime of their own, so what
/// passes is C functions, plain data and a Scene that is only looked at, and no exception.
namespace mprofpp::render {

enum class RasterFormat { png, pdf };

struct RasterRequest {
  const Scene* scene = nullptr;
  RasterFormat format = RasterFormat::png;
  double scale = 1;  ///< pixels of the PNG per pixel of the scene
  void (*write)(void* to, const char* bytes, std::size_t count) = nullptr;
  void* to = nullptr;
};

struct TextRequest {
  const char* text = nullptr;
  std::size_t length = 0;
  double size = 11;
  TextWeight weight = TextWeight::normal;
};

/// `version` is compared before anything else is touched: a program and a module of different
/// builds do not understand each other.
struct RasterModule {
  int version = 0;
  /// Whether a thread can be started. Where none can, GLib ends the process when Pango starts one: so ask
  /// before open().
  bool (*has_threads)() = nullptr;
  void* (*open)() = nullptr;  ///< null when there is no memory
  void (*close)(void* handle) = nullptr;
  /// Whether there is a font: without one every letter is drawn as a box.
  bool (*has_letters)(void* handle) = nullptr;
  double (*text_width)(void* handle, const TextRequest& request) = nullptr;  ///< pixels
  /// Null, or what went wrong: a text that lives for ever.
  const char* (*draw)(void* handle, const RasterRequest& request) = nullptr;
};

inline constexpr int raster_version = 2;
inline constexpr const char* raster_symbol = "mprofpp_raster_module";
using RasterEntry = const RasterModule* (*)();

}  // namespace mprofpp::render
