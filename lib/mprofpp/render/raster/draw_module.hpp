#pragma once

#include <memory>
#include <string>

#include "mprofpp/base/result.hpp"
#include "mprofpp/render/raster/raster.hpp"
#include "mprofpp/render/text.hpp"

namespace mprofpp::render {

/// The loaded libmprofpp-draw.so, which draws one picture with Cairo and Pango.
class DrawModule {
 public:
  /// Loads the library `path`. Errors: not_found if the file or a library that it needs is missing;
  /// unsupported if it belongs to another build of mprofpp, if no thread can be started, or if no font is
  /// installed. Without a font each letter would be drawn as a box, and the picture would look finished.
  static Result<DrawModule> load(const std::string& path);

  DrawModule(DrawModule&& other) noexcept;
  DrawModule& operator=(DrawModule&&) = delete;
  ~DrawModule();

  /// Measures text with the fonts that draw() uses. The reference is valid as long as the module.
  const TextMeasure& measure() const { return *measure_; }
  /// Returns the bytes of the picture file. Errors: io.
  Result<std::string> draw(const Scene& scene, RasterFormat format, double scale) const;

 private:
  DrawModule(const RasterModule& module, void* handle);

  const RasterModule* module_;
  void* handle_;
  std::unique_ptr<TextMeasure> measure_;
};

}  // namespace mprofpp::render
