#pragma once

#include <memory>
#include <string>

#include "mprofpp/base/result.hpp"
#include "mprofpp/render/raster.hpp"
#include "mprofpp/render/text.hpp"

namespace mprofpp::app {

/// libmprofpp-draw.so, loaded: Cairo and Pango for this one picture.
class DrawModule {
 public:
  /// Errors: not_found when the file or a library it needs is missing, unsupported when it belongs
  /// to another mprofpp, and when there is no font to write with: a picture with a box in place of each
  /// letter is worth nothing, and looks as if it were done.
  static Result<DrawModule> load(const std::string& path);

  DrawModule(DrawModule&& other) noexcept;
  DrawModule& operator=(DrawModule&&) = delete;
  ~DrawModule();

  /// Measures with the fonts it draws with. Lives as long as the module.
  const render::TextMeasure& measure() const { return *measure_; }
  /// The file's bytes.
  Result<std::string> draw(const render::Scene& scene, render::RasterFormat format,
                           double scale) const;

 private:
  DrawModule(const render::RasterModule& module, void* handle);

  const render::RasterModule* module_;
  void* handle_;
  std::unique_ptr<render::TextMeasure> measure_;
};

}  // namespace mprofpp::app
