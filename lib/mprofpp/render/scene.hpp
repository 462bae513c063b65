#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "mprofpp/chart/palette.hpp"

/// A picture as a list of shapes with their positions. The layout makes it from a figure, and every renderer
/// draws it in the same way. Lengths are in pixels of 1/96 inch, and y grows downwards.
namespace mprofpp::render {

using chart::Colour;

struct Dot {
  double x = 0;
  double y = 0;
};

struct Rect {
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;

  double right() const { return x + width; }
  double bottom() const { return y + height; }
  friend bool operator==(const Rect&, const Rect&) = default;
};

struct Paint {
  Colour colour = {};
  double opacity = 1;
};

struct Pen {
  Paint paint = {};
  double width = 1;
  std::vector<double> dashes = {};  ///< alternating lengths of strokes and gaps; empty if solid
};

/// Uninterrupted lines. A line of one dot is a round spot.
struct Path {
  std::vector<std::vector<Dot>> lines;
  Pen pen = {};
  std::string tooltip = {};
};

struct Polygon {
  std::vector<Dot> corners;
  Paint fill = {};
  std::string tooltip = {};
};

struct Block {
  Rect place;
  Paint fill = {};
  std::optional<Pen> outline = {};
  std::string tooltip = {};
};

struct Circle {
  Dot centre;
  double radius = 1;
  Paint fill = {};
  std::optional<Pen> outline = {};
};

enum class Anchor { left, middle, right };
enum class TextWeight { normal, bold };

struct Label {
  Dot at = {};  ///< on the baseline, at the anchor
  std::string text = {};
  double size = 11;  ///< height of the font
  Anchor anchor = Anchor::left;
  TextWeight weight = TextWeight::normal;
  Paint paint = {};
  /// Drawn around the letters, so that lines behind them do not disturb.
  std::optional<Colour> halo = {};
};

using Shape = std::variant<Path, Polygon, Block, Circle, Label>;

/// Shapes that share a clip.
struct Layer {
  std::optional<Rect> clip = {};
  std::vector<Shape> shapes = {};
};

struct Scene {
  double width = 0;
  double height = 0;
  double zoom =
      1;  ///< pixels of the picture per pixel of the scene: everything in it is larger by that
  Colour paper = {};
  std::string title = {};  ///< for the metadata of the file
  std::vector<Layer> layers = {};
};

}  // namespace mprofpp::render
