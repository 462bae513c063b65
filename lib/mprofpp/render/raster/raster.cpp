#include "mprofpp/render/raster/raster.hpp"

#include <cairo-pdf.h>
#include <cairo.h>
#include <pango/pangocairo.h>
#include <pthread.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string_view>

#include "mprofpp/render/raster/png.hpp"

namespace mprofpp::render {
namespace {

constexpr double points_per_pixel = 0.75;  // 72 points and 96 pixels an inch
constexpr double halo_width = 3;

template <auto release>
struct Release {
  template <class T>
  void operator()(T* object) const {
    release(object);
  }
};
using SurfacePointer = std::unique_ptr<cairo_surface_t, Release<cairo_surface_destroy>>;
using CairoPointer = std::unique_ptr<cairo_t, Release<cairo_destroy>>;
using LayoutPointer = std::unique_ptr<PangoLayout, Release<g_object_unref>>;
using FontPointer = std::unique_ptr<PangoFontDescription, Release<pango_font_description_free>>;

/// The state of Pango: one context for measuring, created once.
struct Handle {
  SurfacePointer surface{cairo_image_surface_create(CAIRO_FORMAT_A8, 1, 1)};
  CairoPointer cairo{cairo_create(surface.get())};
  LayoutPointer layout{pango_cairo_create_layout(cairo.get())};

  Handle() {
    auto* options = cairo_font_options_create();
    // widths must be the same at every scale: letters are placed by their design, not by pixels
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    pango_cairo_context_set_font_options(pango_layout_get_context(layout.get()), options);
    cairo_font_options_destroy(options);
    pango_layout_set_single_paragraph_mode(layout.get(), TRUE);
    // as in an SVG: a first letter of Hebrew does not move the numbers after a name to its left
    pango_context_set_base_dir(pango_layout_get_context(layout.get()), PANGO_DIRECTION_LTR);
    pango_layout_set_auto_dir(layout.get(), FALSE);
  }

  void set(const TextRequest& request) const {
    const FontPointer font(pango_font_description_new());
    pango_font_description_set_family_static(font.get(), "Verdana,DejaVu Sans,Geneva,Sans");
    pango_font_description_set_absolute_size(font.get(), request.size * PANGO_SCALE);
    const bool is_bold = request.weight == TextWeight::bold;
    pango_font_description_set_weight(font.get(),
                                      is_bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(layout.get(), font.get());
    pango_layout_set_text(layout.get(), request.text, static_cast<int>(request.length));
  }

  double width() const {
    int units = 0;
    pango_layout_get_size(layout.get(), &units, nullptr);
    return static_cast<double>(units) / PANGO_SCALE;
  }
};

/// Draws the shapes of a scene.
class Painter {
 public:
  Painter(cairo_t* cairo, const Handle& handle) : cairo_(cairo), handle_(handle) {
    pango_cairo_update_context(cairo, pango_layout_get_context(handle.layout.get()));
    pango_layout_context_changed(handle.layout.get());
  }

  void draw(const Scene& scene) {
    source({scene.paper});
    cairo_paint(cairo_);
    for (const auto& layer : scene.layers) draw(layer);
  }

 private:
  void draw(const Layer& layer) {
    cairo_save(cairo_);
    if (layer.clip) {
      rectangle(*layer.clip);
      cairo_clip(cairo_);
    }
    for (const auto& shape : layer.shapes) {
      std::visit([this](const auto& s) { draw(s); }, shape);
    }
    cairo_restore(cairo_);
  }

  void draw(const Path& path) {
    const bool in_pieces = path.pen.dashes.empty() && path.pen.paint.opacity >= 1;
    for (const auto& line : path.lines) {
      if (in_pieces)
        draw_in_pieces(line, path.pen);
      else
        trace(line);
    }
    stroke(path.pen);
  }

  /// Draws a line in pieces. A line that goes up and down in every column costs Cairo more than its length
  /// suggests, because all of its crossings are sorted together. Pieces meet in a round end, which looks like
  /// a join.
  void draw_in_pieces(const std::vector<Dot>& line, const Pen& pen) {
    constexpr std::size_t most = 128;
    std::size_t begin = 0;
    for (; line.size() - begin > most; begin += most - 1) {
      const auto first = line.begin() + static_cast<std::ptrdiff_t>(begin);
      trace({first, first + most});
      stroke(pen);
    }
    trace({line.begin() + static_cast<std::ptrdiff_t>(begin), line.end()});
  }

  void draw(const Polygon& polygon) {
    trace(polygon.corners);
    cairo_close_path(cairo_);
    source(polygon.fill);
    cairo_fill(cairo_);
  }

  void draw(const Block& block) {
    rectangle(block.place);
    fill(block.fill, block.outline);
  }

  void draw(const Circle& circle) {
    constexpr double whole_turn = 6.283185307179586;
    cairo_new_sub_path(cairo_);
    cairo_arc(cairo_, circle.centre.x, circle.centre.y, circle.radius, 0, whole_turn);
    fill(circle.fill, circle.outline);
  }

  void draw(const Label& label) {
    handle_.set({label.text.data(), label.text.size(), label.size, label.weight});
    auto* layout = handle_.layout.get();
    const double width = handle_.width();
    const double shift = label.anchor == Anchor::left    ? 0
                         : label.anchor == Anchor::right ? width
                                                         : width / 2;
    const double rise = static_cast<double>(pango_layout_get_baseline(layout)) / PANGO_SCALE;
    cairo_move_to(cairo_, label.at.x - shift, label.at.y - rise);
    if (label.halo) {
      pango_cairo_layout_path(cairo_, layout);
      stroke({{*label.halo}, halo_width});
      cairo_move_to(cairo_, label.at.x - shift, label.at.y - rise);
    }
    source(label.paint);
    pango_cairo_show_layout(cairo_, layout);
  }

  void trace(const std::vector<Dot>& line) {
    cairo_new_sub_path(cairo_);
    for (const auto& dot : line) cairo_line_to(cairo_, dot.x, dot.y);
    // a line of length 0 with round ends is a spot
    if (line.size() == 1) cairo_line_to(cairo_, line[0].x, line[0].y);
  }

  void rectangle(const Rect& place) {
    cairo_rectangle(cairo_, place.x, place.y, place.width, place.height);
  }

  void source(const Paint& paint) {
    const auto share = [](std::uint8_t channel) { return channel / 255.0; };
    cairo_set_source_rgba(cairo_, share(paint.colour.red), share(paint.colour.green),
                          share(paint.colour.blue), paint.opacity);
  }

  void fill(const Paint& paint, const std::optional<Pen>& outline) {
    source(paint);
    if (!outline) return cairo_fill(cairo_);
    cairo_fill_preserve(cairo_);
    stroke(*outline);
  }

  void stroke(const Pen& pen) {
    source(pen.paint);
    cairo_set_line_width(cairo_, pen.width);
    cairo_set_line_join(cairo_, CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_cap(cairo_, CAIRO_LINE_CAP_ROUND);
    cairo_set_dash(cairo_, pen.dashes.data(), static_cast<int>(pen.dashes.size()), 0);
    cairo_stroke(cairo_);
  }

  cairo_t* cairo_;
  const Handle& handle_;
};

cairo_status_t pass_on(void* closure, const unsigned char* bytes, unsigned int count) {
  const auto& request = *static_cast<const RasterRequest*>(closure);
  request.write(request.to, reinterpret_cast<const char*>(bytes), count);
  return CAIRO_STATUS_SUCCESS;
}

const char* message_of(cairo_status_t status) {
  return status == CAIRO_STATUS_SUCCESS ? nullptr : cairo_status_to_string(status);
}

const char* draw_png(const Handle& handle, const RasterRequest& request) {
  const double scale = request.scale * request.scene->zoom;
  const auto pixels = [&](double length) {
    return std::max(1, static_cast<int>(std::lround(length * scale)));
  };
  const SurfacePointer surface(cairo_image_surface_create(
      CAIRO_FORMAT_RGB24, pixels(request.scene->width), pixels(request.scene->height)));
  const CairoPointer cairo(cairo_create(surface.get()));
  cairo_scale(cairo.get(), scale, scale);
  Painter(cairo.get(), handle).draw(*request.scene);
  if (const auto* failure = message_of(cairo_status(cairo.get()))) return failure;
  const auto file = encode_png(surface.get());
  request.write(request.to, file.data(), file.size());
  return file.empty() ? "out of memory" : nullptr;
}

const char* draw_pdf(const Handle& handle, const RasterRequest& request) {
  const auto& scene = *request.scene;
  auto* closure = const_cast<RasterRequest*>(&request);
  const double scale = points_per_pixel * scene.zoom;
  const SurfacePointer surface(cairo_pdf_surface_create_for_stream(
      pass_on, closure, scene.width * scale, scene.height * scale));
  cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_TITLE, scene.title.c_str());
  cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATOR, "mprofpp");
  const CairoPointer cairo(cairo_create(surface.get()));
  cairo_scale(cairo.get(), scale, scale);
  Painter(cairo.get(), handle).draw(scene);
  cairo_show_page(cairo.get());
  if (const auto* failure = message_of(cairo_status(cairo.get()))) return failure;
  cairo_surface_finish(surface.get());
  return message_of(cairo_surface_status(surface.get()));
}

bool has_threads() {
  pthread_t thread{};
  const auto nothing = [](void*) -> void* { return nullptr; };
  return pthread_create(&thread, nullptr, nothing, nullptr) == 0 &&
         pthread_join(thread, nullptr) == 0;
}

void* open() {
  return new (std::nothrow) Handle;
}

void close(void* handle) {
  delete static_cast<Handle*>(handle);
}

bool has_font(void* handle) {
  const auto& text = *static_cast<const Handle*>(handle);
  constexpr std::string_view sample = "MiB";
  text.set({sample.data(), sample.size()});
  return pango_layout_get_unknown_glyphs_count(text.layout.get()) == 0;
}

double text_width(void* handle, const TextRequest& request) {
  const auto& text = *static_cast<const Handle*>(handle);
  text.set(request);
  return text.width();
}

const char* draw(void* handle, const RasterRequest& request) {
  // our code throws only if memory runs out, and no exception may leave the module
  try {
    const auto& text = *static_cast<const Handle*>(handle);
    return request.format == RasterFormat::pdf ? draw_pdf(text, request) : draw_png(text, request);
  } catch (...) {
    return "out of memory";
  }
}

}  // namespace
}  // namespace mprofpp::render

extern "C" __attribute__((visibility("default"))) const mprofpp::render::RasterModule*
mprofpp_raster_module() {
  using namespace mprofpp::render;
  static constexpr RasterModule module = {raster_stamp, has_threads, open, close,
                                          has_font,     text_width,  draw};
  return &module;
}
