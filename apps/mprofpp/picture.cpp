#include "picture.hpp"

#include <algorithm>
#include <array>

#include "draw_module.hpp"
#include "layout.hpp"
#include "mprofpp/render/layout.hpp"
#include "mprofpp/render/svg.hpp"

namespace mprofpp::app {
namespace {

constexpr double scene_dpi = 96;

std::string lower_suffix(const std::string& path) {
  const auto name = path.substr(path.rfind('/') + 1);
  const auto dot = name.rfind('.');
  if (dot == std::string::npos) return {};
  auto suffix = name.substr(dot + 1);
  for (char& c : suffix) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return suffix;
}

render::Page page_for(const chart::Figure& figure, const PictureLook& look) {
  if (look.width == 0) return render::natural_page(figure, look.theme);
  const double shrink = scene_dpi / look.dpi;
  return {look.width * shrink, look.height * shrink, look.theme};
}

}  // namespace

Result<PictureFormat> picture_format(const std::string& path) {
  const auto suffix = lower_suffix(path);
  if (suffix == "png") return PictureFormat::png;
  if (suffix == "svg") return PictureFormat::svg;
  if (suffix == "pdf") return PictureFormat::pdf;
  return fail(
      Errc::invalid_argument, path,
      suffix.empty() ? "has no suffix that says what to draw" : "no picture ends in ." + suffix,
      "there are .png, .svg and .pdf");
}

double picture_width(const PictureLook& look) {
  if (look.width > 0) return look.width;
  return render::natural_page({}, look.theme).width * look.dpi / scene_dpi;
}

Result<std::string> draw_picture(const chart::Figure& figure, PictureFormat format,
                                 const PictureLook& look) {
  const auto page = page_for(figure, look);
  if (format == PictureFormat::svg) {
    return render::to_svg(render::lay_out(figure, page, render::TableMeasure()));
  }
  auto module = DrawModule::load(find_layout().draw);
  if (!module) return Failure(std::move(module.error()));
  const auto scene = render::lay_out(figure, page, module->measure());
  const auto raster =
      format == PictureFormat::pdf ? render::RasterFormat::pdf : render::RasterFormat::png;
  return module->draw(scene, raster, look.dpi / scene_dpi);
}

}  // namespace mprofpp::app
