#include "mprofpp/render/svg/svg.hpp"

#include <doctest/doctest.h>

#include "support/locale.hpp"

using namespace mprofpp::render;

namespace {

std::string svg_of(Shape shape) {
  return to_svg({.width = 200,
                 .height = 100,
                 .paper = {255, 255, 255},
                 .title = "T",
                 .layers = {{.shapes = {std::move(shape)}}}});
}

bool has(const std::string& text, std::string_view part) {
  INFO(text);
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("text stays text") {
  const auto svg = svg_of(Label{.at = {10, 20.5}, .text = "1.5 GiB", .anchor = Anchor::right});
  CHECK(has(svg,
            "<text x=\"10\" y=\"20.5\" font-size=\"11\" text-anchor=\"end\" fill=\"#000000\">1.5 "
            "GiB</text>"));
}

TEST_CASE("a tooltip is a title element inside its shape") {
  CHECK(has(svg_of(Path{.lines = {{{0, 0}, {1, 2}}}, .tooltip = "peak 5 MiB"}),
            "<path d=\"M0,0L1,2\""));
  CHECK(has(svg_of(Block{.place = {0, 0, 1, 1}, .tooltip = "f · 1 s"}),
            "><title>f · 1 s</title></rect>"));
}

TEST_CASE("special characters of XML are escaped, and control characters become spaces") {
  const auto svg = svg_of(Label{.text = "<a & \"b\">\x01\n"});
  CHECK(has(svg, ">&lt;a &amp; &quot;b&quot;&gt;  </text>"));
}

TEST_CASE("numbers have at most two decimals and no negative zero") {
  CHECK(has(svg_of(Path{.lines = {{{-0.001, 1.0 / 3}, {10.5, 100}}}}), "d=\"M0,0.33L10.5,100\""));
}

TEST_CASE("a line of one point is drawn as a spot") {
  CHECK(has(svg_of(Path{.lines = {{{5, 5}}}}), "d=\"M5,5h0\""));
}

TEST_CASE("a clip belongs to its layer") {
  const auto svg =
      to_svg({.width = 10, .height = 10, .title = "", .layers = {{}, {.clip = Rect{1, 2, 3, 4}}}});
  CHECK(has(svg,
            "<clipPath id=\"clip1\"><rect x=\"1\" y=\"2\" width=\"3\" height=\"4\"/></clipPath>"));
  CHECK(has(svg, "<g clip-path=\"url(#clip1)\">"));
}

TEST_CASE("a comma locale changes no number") {
  const mprofpp::test::CommaLocale comma;
  CHECK(has(svg_of(Circle{.centre = {1.5, 2.25}, .radius = 3.5}),
            "cx=\"1.5\" cy=\"2.25\" r=\"3.5\""));
}
