#include "mprofpp/chart/palette.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "support/contrast.hpp"

using namespace mprofpp;
using namespace mprofpp::chart;
using test::contrast;

namespace {

using Vector = std::array<double, 3>;
using Matrix = std::array<Vector, 3>;

Vector times(const Matrix& m, const Vector& v) {
  Vector out{};
  for (std::size_t i = 0; i < 3; ++i) out[i] = m[i][0] * v[0] + m[i][1] * v[1] + m[i][2] * v[2];
  return out;
}

Vector linear(Colour c) {
  return {test::linear(c.red), test::linear(c.green), test::linear(c.blue)};
}

/// OKLab (Ottosson 2020) of linear sRGB.
Vector oklab(const Vector& rgb) {
  constexpr Matrix to_cones = {{{0.4122214708, 0.5363325363, 0.0514459929},
                                {0.2119034982, 0.6806995451, 0.1073969566},
                                {0.0883024619, 0.2817188376, 0.6299787005}}};
  constexpr Matrix to_lab = {{{0.2104542553, 0.7936177850, -0.0040720468},
                              {1.9779984951, -2.4285922050, 0.4505937099},
                              {0.0259040371, 0.7827717662, -0.8086757660}}};
  auto cones = times(to_cones, rgb);
  for (double& cone : cones) cone = std::cbrt(std::max(cone, 0.0));
  return times(to_lab, cones);
}

// Machado, Oliveira, Fernandes 2009, severity 1
constexpr Matrix nothing_missing = {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
constexpr Matrix no_long_cones = {{{0.152286, 1.052583, -0.204868},
                                   {0.114503, 0.786281, 0.099216},
                                   {-0.003882, -0.048116, 1.051998}}};
constexpr Matrix no_middle_cones = {{{0.367322, 0.860646, -0.227968},
                                     {0.280085, 0.672501, 0.047413},
                                     {-0.011820, 0.042940, 0.968881}}};

double distance(Colour a, Colour b, const Matrix& eye) {
  const auto x = oklab(times(eye, linear(a)));
  const auto y = oklab(times(eye, linear(b)));
  return std::hypot(x[0] - y[0], x[1] - y[1], x[2] - y[2]);
}

std::vector<Colour> curve_colours(Theme theme) {
  std::vector<Colour> colours = {colour_of({Hue::Role::ink}, theme)};
  for (std::size_t i = 0; i < distinct_colours; ++i)
    colours.push_back(colour_of(numbered(i), theme));
  return colours;
}

}  // namespace

TEST_CASE("contrast is 21 between black and white and 1 between equals") {
  CHECK(contrast({0, 0, 0}, {255, 255, 255}) == doctest::Approx(21));
  CHECK(contrast({10, 20, 30}, {10, 20, 30}) == doctest::Approx(1));
}

TEST_CASE("every curve stands out from the paper, and text even more") {
  for (const auto theme : {Theme::light, Theme::dark}) {
    const auto paper = colour_of({Hue::Role::paper}, theme);
    for (const auto colour : curve_colours(theme)) CHECK(contrast(colour, paper) >= 3);
    CHECK(contrast(colour_of({Hue::Role::rest}, theme), paper) >= 3);
    CHECK(contrast(colour_of({Hue::Role::muted}, theme), paper) >= 4.5);
    CHECK(contrast(colour_of({Hue::Role::ink}, theme), paper) >= 7);
  }
}

TEST_CASE("the colour of leaks can be read, and is not that of the total") {
  for (const auto theme : {Theme::light, Theme::dark}) {
    const auto leak = colour_of({Hue::Role::leak}, theme);
    CHECK(contrast(leak, colour_of({Hue::Role::paper}, theme)) >= 4.5);
    for (const auto& eye : {nothing_missing, no_long_cones, no_middle_cones}) {
      CHECK(distance(leak, colour_of({Hue::Role::ink}, theme), eye) >= 0.15);
      CHECK(distance(leak, colour_of({Hue::Role::muted}, theme), eye) >= 0.05);
    }
  }
}

TEST_CASE("no two curves look alike, also to the colour-blind") {
  for (const auto theme : {Theme::light, Theme::dark}) {
    const auto colours = curve_colours(theme);
    for (const auto& eye : {nothing_missing, no_long_cones, no_middle_cones}) {
      for (std::size_t i = 0; i < colours.size(); ++i) {
        for (std::size_t k = i + 1; k < colours.size(); ++k) {
          CAPTURE(i);
          CAPTURE(k);
          CHECK(distance(colours[i], colours[k], eye) >= 0.09);
        }
      }
    }
  }
}

TEST_CASE("names in ink can be read on every box") {
  for (const auto theme : {Theme::light, Theme::dark}) {
    const auto ink = colour_of({Hue::Role::ink}, theme);
    for (double share = -1; share <= 1; share += 0.05) {
      CAPTURE(share);
      CHECK(contrast(growth_colour(share, theme), ink) >= 3);
    }
  }
}

TEST_CASE("freed and added memory have different colours, also from no change") {
  for (const auto theme : {Theme::light, Theme::dark}) {
    const auto freed = growth_colour(-1, theme);
    const auto added = growth_colour(1, theme);
    const auto none = growth_colour(0, theme);
    for (const auto& eye : {nothing_missing, no_long_cones, no_middle_cones}) {
      CHECK(distance(freed, added, eye) >= 0.15);
      CHECK(distance(freed, none, eye) >= 0.1);
      CHECK(distance(added, none, eye) >= 0.1);
    }
    CHECK(growth_colour(-7, theme) == freed);
    CHECK(growth_colour(std::nan(""), theme) == none);
  }
}

TEST_CASE("a mix of all of one colour and none of the other is the first") {
  CHECK(mix({1, 2, 3}, {9, 9, 9}, 1) == Colour{1, 2, 3});
  CHECK(mix({1, 2, 3}, {9, 9, 9}, 0) == Colour{9, 9, 9});
}
