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

/// What a colour stands for; which one that is, the theme decides.
struct Hue {
  enum class Role {
    ink,    ///< the MEM line and text
    muted,  ///< what explains and does not matter by itself
    grid,
    paper,
    numbered,  ///< one of several things: see `number`
    rest       ///< what has no colour of its own
  };

  Role role = Role::ink;
  std::size_t number = 0;

  friend bool operator==(const Hue&, const Hue&) = default;
};

constexpr Hue numbered(std::size_t number) {
  return {Hue::Role::numbered, number};
}

/// How many numbered colours there are before they repeat. They were searched for: each is at least
/// 0.1 away from every other and from ink in OKLab, also as people see them who lack one kind of
/// cone (Machado et al. 2009), and stands out from paper by 3 : 1 or more (WCAG 1.4.11).
inline constexpr std::size_t distinct_colours = 8;

Colour colour_of(Hue hue, Theme theme);

/// A diverging scale: -1 is freed (blue), 0 is neutral, 1 is added (orange).
Colour growth_colour(double share, Theme theme);

/// `share` of `a`, the rest of `b`.
Colour mix(Colour a, Colour b, double share);

/// How much two colours stand out from one another, 1 to 21 (WCAG 2.1, relative luminance).
double contrast(Colour a, Colour b);

}  // namespace mprofpp::chart
