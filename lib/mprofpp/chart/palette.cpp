#include "mprofpp/chart/palette.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace mprofpp::chart {
namespace {

struct Palette {
  Colour ink, muted, grid, paper, leak, rest, freed, neutral, added;
  std::array<Colour, distinct_colours> numbered;
};

constexpr Palette light = {
    .ink = {0x1f, 0x23, 0x28},
    .muted = {0x5e, 0x67, 0x72},
    .grid = {0xe4, 0xe7, 0xeb},
    .paper = {0xff, 0xff, 0xff},
    .leak = {0xcc, 0x1f, 0x5a},
    .rest = {0x87, 0x8f, 0x99},
    .freed = {0x4a, 0x90, 0xd9},
    .neutral = {0xec, 0xee, 0xf0},
    .added = {0xe8, 0x82, 0x3c},
    .numbered = {{{0x01, 0x65, 0xdc},
                  {0xe7, 0x6e, 0x2b},
                  {0x00, 0x5e, 0x60},
                  {0xbc, 0x63, 0x94},
                  {0x24, 0x99, 0xdd},
                  {0x81, 0x5f, 0x00},
                  {0x61, 0x34, 0x9b},
                  {0x5f, 0x33, 0x08}}},
};

constexpr Palette dark = {
    .ink = {0xf0, 0xf3, 0xf6},
    .muted = {0x9d, 0xa7, 0xb3},
    .grid = {0x2b, 0x31, 0x39},
    .paper = {0x14, 0x18, 0x1d},
    .leak = {0xff, 0x4f, 0x8b},
    .rest = {0x7d, 0x87, 0x93},
    .freed = {0x3d, 0x7f, 0xc4},
    .neutral = {0x33, 0x39, 0x42},
    .added = {0xd0, 0x6a, 0x28},
    .numbered = {{{0x2f, 0xbc, 0xfe},
                  {0xf8, 0x80, 0x30},
                  {0x08, 0xae, 0x87},
                  {0xe6, 0x8c, 0xc5},
                  {0xe7, 0xc3, 0x49},
                  {0x94, 0x7c, 0xe7},
                  {0xdb, 0x4e, 0x3a},
                  {0x98, 0xd9, 0xff}}},
};

const Palette& palette(Theme theme) {
  return theme == Theme::dark ? dark : light;
}

}  // namespace

Colour colour_of(Hue hue, Theme theme) {
  const auto& colours = palette(theme);
  switch (hue.role) {
    case Hue::Role::muted:
      return colours.muted;
    case Hue::Role::grid:
      return colours.grid;
    case Hue::Role::paper:
      return colours.paper;
    case Hue::Role::leak:
      return colours.leak;
    case Hue::Role::rest:
      return colours.rest;
    case Hue::Role::numbered:
      return colours.numbered[hue.number % distinct_colours];
    case Hue::Role::ink:
      break;
  }
  return colours.ink;
}

Colour growth_colour(double share, Theme theme) {
  const auto& colours = palette(theme);
  if (!std::isfinite(share)) return colours.neutral;
  const auto end = share < 0 ? colours.freed : colours.added;
  return mix(end, colours.neutral, std::min(std::abs(share), 1.0));
}

Colour mix(Colour a, Colour b, double share) {
  const auto blend = [share](std::uint8_t x, std::uint8_t y) {
    return static_cast<std::uint8_t>(std::lround(x * share + y * (1 - share)));
  };
  return {blend(a.red, b.red), blend(a.green, b.green), blend(a.blue, b.blue)};
}

}  // namespace mprofpp::chart
