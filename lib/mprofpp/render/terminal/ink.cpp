#include "mprofpp/render/terminal/ink.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace mprofpp::render {
namespace {

using chart::Hue;

constexpr std::array<int, chart::distinct_colours> many = {33, 202, 29, 169, 136, 99, 161, 67};
constexpr std::array<int, chart::distinct_colours> sixteen = {12, 1, 2, 5, 6, 3, 4, 9};
constexpr int grey = 243;
constexpr int light_grey = 245;
constexpr int red = 160;
constexpr int black = 16;
constexpr int white = 231;

/// Returns the share of light that a colour has of white (relative luminance, WCAG 2.1).
double light_of(chart::Colour colour) {
  const auto linear = [](std::uint8_t channel) {
    const double share = channel / 255.0;
    return share <= 0.04045 ? share / 12.92 : std::pow((share + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * linear(colour.red) + 0.7152 * linear(colour.green) + 0.0722 * linear(colour.blue);
}

}  // namespace

int Ink::number_of(Hue hue) const {
  if (colours_ == TerminalColours::none) return -1;
  const bool has_many = colours_ == TerminalColours::many;
  switch (hue.role) {
    case Hue::Role::numbered:
      return (has_many ? many : sixteen)[hue.number % chart::distinct_colours];
    case Hue::Role::muted:
    case Hue::Role::grid:
      return has_many ? grey : -1;
    case Hue::Role::rest:
      return has_many ? light_grey : -1;
    case Hue::Role::leak:
      return has_many ? red : 1;
    case Hue::Role::ink:
    case Hue::Role::paper:
      break;
  }
  return -1;
}

Style Ink::of(Hue hue) const {
  const bool is_secondary = hue.role == Hue::Role::muted || hue.role == Hue::Role::grid;
  const bool is_faint = is_secondary && colours_ == TerminalColours::sixteen;
  return {.foreground = number_of(hue), .emphasis = is_faint ? Emphasis::faint : Emphasis::normal};
}

Style Ink::block(Hue hue) const {
  constexpr int grey_of_theme = 8;
  auto style = of(hue);
  style.emphasis = Emphasis::normal;
  if (has_colours() && style.foreground < 0) style.foreground = grey_of_theme;
  return style;
}

Style Ink::bold() const {
  return {.emphasis = has_colours() ? Emphasis::bold : Emphasis::normal};
}

Style Ink::on_colour(int colour) const {
  return {.foreground = readable_on(colour), .background = colour};
}

Style Ink::on(Hue hue) const {
  if (!has_colours()) return {};
  const int colour = number_of(hue);
  if (colour >= 0) return on_colour(colour);
  return on_colour(colours_ == TerminalColours::many ? light_grey : 7);
}

Style Ink::on_growth(double share) const {
  constexpr std::array<int, 7> scale = {26, 68, 110, 248, 180, 173, 166};
  if (!has_colours()) return {};
  const double level = std::isfinite(share) ? std::clamp(share, -1.0, 1.0) * 3 + 3 : 3;
  if (colours_ == TerminalColours::many) {
    return on_colour(scale[static_cast<std::size_t>(std::lround(level))]);
  }
  return on_colour(level < 2.5 ? 4 : level > 3.5 ? 1 : 7);
}

int readable_on(int colour) {
  constexpr int theme_colours = 16;
  if (colour < theme_colours) return 0;
  // at this share of light, black and white letters have the same contrast
  constexpr double middle = 0.179;
  return light_of(terminal_colour(colour)) > middle ? black : white;
}

chart::Colour terminal_colour(int number) {
  constexpr int first_grey = 232;
  constexpr std::array<int, 6> levels = {0, 95, 135, 175, 215, 255};
  const auto byte = [](int value) { return static_cast<std::uint8_t>(value); };
  if (number >= first_grey) {
    const auto level = byte(8 + 10 * (number - first_grey));
    return {level, level, level};
  }
  const auto cube = static_cast<std::size_t>(std::max(number - 16, 0));
  return {byte(levels[cube / 36]), byte(levels[cube / 6 % 6]), byte(levels[cube % 6])};
}

}  // namespace mprofpp::render
