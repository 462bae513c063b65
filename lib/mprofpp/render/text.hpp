#pragma once

#include <string>
#include <string_view>

#include "mprofpp/render/scene.hpp"

namespace mprofpp::render {

/// Tells how wide a text will be, in pixels. Layout asks it; a renderer with fonts of its own
/// answers exactly, the others by a table.
class TextMeasure {
 public:
  virtual ~TextMeasure() = default;
  virtual double width(std::string_view text, double size, TextWeight weight) const = 0;
};

/// Widths of DejaVu Sans, to which Verdana is metrically close: what an SVG names as its fonts. The
/// same on every machine.
class TableMeasure : public TextMeasure {
 public:
  double width(std::string_view text, double size, TextWeight weight) const override;
};

/// Which part of a text may go when there is no room for all of it.
enum class Elide { end, middle };

/// A text as it has to look.
struct TextStyle {
  double size = 11;
  TextWeight weight = TextWeight::normal;
};

/// `text`, or as much of it as `room` pixels hold, with … for the rest; empty if not even a letter
/// and the … fit. Cuts between characters.
std::string fitted(std::string_view text, double room, TextStyle style, Elide elide,
                   const TextMeasure& measure);

}  // namespace mprofpp::render
