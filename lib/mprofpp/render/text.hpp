#pragma once

#include <string>
#include <string_view>

#include "mprofpp/chart/figure.hpp"
#include "mprofpp/render/scene.hpp"

namespace mprofpp::render {

/// Measures how wide a text will be, in pixels. The layout uses it; a renderer with fonts of its own measures
/// exactly, the others use a table.
class TextMeasure {
 public:
  virtual ~TextMeasure() = default;
  virtual double width(std::string_view text, double size, TextWeight weight) const = 0;
};

/// Uses the widths of DejaVu Sans, which are close to those of Verdana; an SVG names both as its fonts. The
/// widths are the same on every machine.
class TableMeasure : public TextMeasure {
 public:
  double width(std::string_view text, double size, TextWeight weight) const override;
};

/// The part of a text that is cut if there is no room for all of it.
enum class Elide { end, middle };

/// The size and weight of a text.
struct TextStyle {
  double size = 11;
  TextWeight weight = TextWeight::normal;
};

/// Returns `text`, or as much of it as fits into `room` pixels, with … for the rest; empty if not even one
/// letter and the … fit. Cuts only between characters.
std::string fitted(std::string_view text, double room, TextStyle style, Elide elide,
                   const TextMeasure& measure);

/// A name that may have to be cut.
struct Name {
  std::string_view text;
  std::size_t title = std::string_view::npos;          ///< length in bytes; what follows is kept
  chart::DistinguishingPart distinguishing_part = {};  ///< kept, too
};

/// Like fitted(), for a name with parts that are cut last because they distinguish it from others: the part
/// of its title that differs, and the text after its title. `gunicorn: worker [shop.views:app] 2446 ← 2442`
/// becomes `gunicorn: worker… 2446 ← 2442`, `gunicorn: worker… 2446`, `worker 2446` and at last `2446`.
std::string fitted_name(const Name& name, double room, TextStyle style, const TextMeasure& measure);

}  // namespace mprofpp::render
