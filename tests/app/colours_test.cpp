#include "console/colours.hpp"

#include <doctest/doctest.h>

using namespace mprofpp::app;

TEST_CASE("a terminal has colours unless TERM is dumb or not set") {
  CHECK(allows_colours({.term = "xterm"}, Output::terminal));
  CHECK_FALSE(allows_colours({.term = "dumb"}, Output::terminal));
  CHECK_FALSE(allows_colours({.term = ""}, Output::terminal));
  CHECK_FALSE(allows_colours({}, Output::terminal));
  CHECK_FALSE(allows_colours({.term = "xterm"}, Output::other));
}

TEST_CASE("NO_COLOR with a value turns colours off, also forced ones") {
  CHECK_FALSE(allows_colours({.no_color = "1", .term = "xterm"}, Output::terminal));
  CHECK_FALSE(allows_colours({.no_color = "0", .force_color = "1"}, Output::terminal));
  CHECK(allows_colours({.no_color = "", .term = "xterm"}, Output::terminal));
}

TEST_CASE("FORCE_COLOR and CLICOLOR_FORCE give colours to a pipe, and CLICOLOR=0 takes them away") {
  CHECK(allows_colours({.force_color = "1"}, Output::other));
  CHECK(allows_colours({.clicolor_force = "1", .term = "dumb"}, Output::other));
  CHECK_FALSE(allows_colours({.clicolor_force = "0", .term = "xterm"}, Output::other));
  CHECK_FALSE(allows_colours({.force_color = "0", .term = "xterm"}, Output::terminal));
  CHECK_FALSE(allows_colours({.clicolor = "0", .term = "xterm"}, Output::terminal));
}

TEST_CASE("TERM and COLORTERM tell whether there are 256 colours") {
  CHECK(has_many_colours({.term = "xterm-256color"}));
  CHECK(has_many_colours({.term = "xterm", .colorterm = "truecolor"}));
  CHECK_FALSE(has_many_colours({.term = "xterm"}));
  CHECK_FALSE(has_many_colours({}));
}

TEST_CASE("the values of --color are auto, always and never") {
  CHECK(colour_choice("auto") == ColourChoice::automatic);
  CHECK(colour_choice("always") == ColourChoice::always);
  CHECK(colour_choice("never") == ColourChoice::never);
  CHECK_FALSE(colour_choice("").has_value());
  CHECK_FALSE(colour_choice("Always").has_value());
}
