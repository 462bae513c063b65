#include "mprofpp/render/picture.hpp"

#include <doctest/doctest.h>

#include "support/figures.hpp"
#include "support/temporary_folder.hpp"

using namespace mprofpp;
using namespace mprofpp::render;

namespace {

Error refused_module(const std::string& path) {
  const auto picture = draw_picture({}, PictureFormat::png, {}, path);
  REQUIRE_FALSE(picture.has_value());
  return picture.error();
}

}  // namespace

TEST_CASE("the suffix of a file selects the format of the picture") {
  CHECK(picture_format("x.png").value() == PictureFormat::png);
  CHECK(picture_format("a.b/x.SVG").value() == PictureFormat::svg);
  CHECK(picture_format("x.tar.pdf").value() == PictureFormat::pdf);
}

TEST_CASE("another suffix, or none, is refused") {
  CHECK(picture_format("x.jpg").error().what == "unsupported picture format .jpg");
  CHECK(picture_format("x").error().what == "has no suffix");
  CHECK(picture_format("a.png/x").error().what == "has no suffix");
  CHECK(picture_format("x.jpg").error().place == "x.jpg");
}

TEST_CASE("the default width grows with the pixels per inch, a given width does not") {
  CHECK(picture_width({.dpi = 192}) == 2 * picture_width({.dpi = 96}));
  CHECK(picture_width({.width = 640, .height = 480, .dpi = 192}) == 640);
}

TEST_CASE("an SVG is drawn without the draw module") {
  const auto figure = test::figure_of(test::feed_growing);
  const auto picture = draw_picture(figure, PictureFormat::svg, {}, "/nonexistent.so");
  REQUIRE(picture.has_value());
  CHECK(picture->starts_with("<"));
}

TEST_CASE("text grows with a large picture, more slowly than the picture") {
  const auto figure = test::figure_of(test::feed_growing);
  const auto svg = [&](double width, double height) {
    return *draw_picture(figure, PictureFormat::svg, {.width = width, .height = height}, "");
  };
  const auto contains = [](const std::string& text, const std::string& what) {
    return text.find(what) != std::string::npos;
  };
  CHECK(contains(svg(1200, 540), "width=\"1200\" height=\"540\" viewBox=\"0 0 1200 540\""));
  CHECK(contains(svg(600, 300), "viewBox=\"0 0 600 300\""));
  CHECK(contains(svg(2400, 1080), "width=\"2400\" height=\"1080\" viewBox=\"0 0 1578.95 710.53\""));
}

TEST_CASE("a PNG needs the draw module, and the error names the file that is missing") {
  const auto error = refused_module("/nonexistent.so");
  CHECK(error.code == Errc::not_found);
  CHECK(error.place == "/nonexistent.so");
  CHECK(error.what == "is missing: it is needed for PNG and PDF");
}

TEST_CASE("a file that is not a library cannot draw") {
  const test::TemporaryFolder folder;
  const auto error = refused_module(folder.write("module.so", "text"));
  CHECK(error.code == Errc::not_found);
  CHECK(error.what.starts_with("cannot draw PNG and PDF: "));
}
