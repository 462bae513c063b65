#pragma once

#include <cstddef>
#include <cstdint>

namespace mprofpp::chart {

struct Colour {
  std::uint8_t red = 0;
  std::uint8_t green = 0;
  std::uint8_t blue = 0;

  friend bool operator==(const Colour&, const Colour&) = default;
};

enum class Theme { light, dark };

/// The meaning of a colour. The theme decides which colour it is.
struct Hue {
  enum class Role {
    ink,    ///< the MEM line and text
    muted,  ///< captions and other secondary things
    grid,
    paper,
    leak,      ///< the growth of a leak
    numbered,  ///< one of several things: see `number`
    rest       ///< things without a colour of their own
  };

  Role role = Role::ink;
  std::size_t number = 0;

  friend bool operator==(const Hue&, const Hue&) = default;
};

constexpr Hue numbered(std::size_t number) {
  return {Hue::Role::numbered, number};
}

/// The number of numbered colours before they repeat. They were found by a search: each is at least 0.09 away
/// from every other and from ink in OKLab, also as seen by people who lack one kind of cone (Machado et al.
/// 2009), and has a contrast of at least 3 : 1 to paper (WCAG 1.4.11).
inline constexpr std::size_t distinct_colours = 8;

Colour colour_of(Hue hue, Theme theme);

/// Returns a colour of a diverging scale: -1 is freed (blue), 0 is neutral, 1 is added (orange).
Colour growth_colour(double share, Theme theme);

/// Mixes `share` of `a` with the rest of `b`.
Colour mix(Colour a, Colour b, double share);

}  // namespace mprofpp::chart
