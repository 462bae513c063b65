#include "mprofpp/render/picture.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "mprofpp/render/layout.hpp"
#include "mprofpp/render/raster/draw_module.hpp"
#include "mprofpp/render/svg/svg.hpp"

namespace mprofpp::render {
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

Page page_for(const chart::Figure& figure, const PictureLook& look) {
  if (look.width == 0) return natural_page(figure, look.theme);
  const double shrink = scene_dpi / look.dpi;
  return {look.width * shrink, look.height * shrink, look.theme};
}

/// Returns how much larger text and lines are than on a page of the usual size. They grow more slowly than
/// the page: a poster has room for more, not only for larger letters.
double zoom_for(const Page& page, const PictureLook& look) {
  if (look.width == 0) return 1;
  const auto usual = natural_page({}, look.theme);
  const double growth = std::min(page.width / usual.width, page.height / usual.height);
  return std::max(1.0, std::round(std::pow(growth, 0.6) * 100) / 100);
}

Scene scene_of(const chart::Figure& figure, const PictureLook& look, const TextMeasure& measure) {
  auto page = page_for(figure, look);
  const double zoom = zoom_for(page, look);
  page.width /= zoom;
  page.height /= zoom;
  auto scene = lay_out(figure, page, measure);
  scene.zoom = zoom;
  return scene;
}

}  // namespace

Result<PictureFormat> picture_format(const std::string& path) {
  const auto suffix = lower_suffix(path);
  for (const auto format : {PictureFormat::png, PictureFormat::svg, PictureFormat::pdf}) {
    if ("." + suffix == suffix_of(format)) return format;
  }
  return fail(Errc::invalid_argument, path,
              suffix.empty() ? "has no suffix" : "unsupported picture format ." + suffix,
              "use .png, .svg, .pdf or .html");
}

std::string_view suffix_of(PictureFormat format) {
  switch (format) {
    case PictureFormat::svg:
      return ".svg";
    case PictureFormat::pdf:
      return ".pdf";
    case PictureFormat::png:
      break;
  }
  return ".png";
}

double picture_width(const PictureLook& look) {
  if (look.width > 0) return look.width;
  return natural_page({}, look.theme).width * look.dpi / scene_dpi;
}

Result<std::string> draw_picture(const chart::Figure& figure, PictureFormat format,
                                 const PictureLook& look, const std::string& draw_module) {
  if (format == PictureFormat::svg) return to_svg(scene_of(figure, look, TableMeasure()));
  auto module = DrawModule::load(draw_module);
  if (!module) return Failure(std::move(module.error()));
  const auto scene = scene_of(figure, look, module->measure());
  const auto raster = format == PictureFormat::pdf ? RasterFormat::pdf : RasterFormat::png;
  return module->draw(scene, raster, look.dpi / scene_dpi);
}

}  // namespace mprofpp::render
