#include "options/terminal_look.hpp"

#include <doctest/doctest.h>

#include "captured.hpp"

using namespace mprofpp;
using namespace mprofpp::app;
using render::Letters;
using test::Captured;

TEST_CASE("the first variable of the locale that is set decides on the letters") {
  CHECK(letters_for({.lang = "de_DE.UTF-8"}) == Letters::unicode);
  CHECK(letters_for({.lang = "en_US.utf8"}) == Letters::unicode);
  CHECK(letters_for({.lc_all = "C", .lang = "de_DE.UTF-8"}) == Letters::ascii);
  CHECK(letters_for({.lc_all = "", .lc_ctype = "C.UTF-8", .lang = "C"}) == Letters::unicode);
  CHECK(letters_for({}) == Letters::ascii);
}

TEST_CASE("the console of Linux has no braille") {
  CHECK(letters_for({.lang = "C.UTF-8", .term = "linux"}) == Letters::ascii);
}

TEST_CASE("a chart for a file has 80 columns, and as many rows as it needs") {
  const Captured captured;
  const auto look = terminal_look(captured.console(), {});
  CHECK(look.columns == 80);
  CHECK(look.rows == 0);
  CHECK(look.colours == render::TerminalColours::none);
}

TEST_CASE("COLUMNS and LINES are the size, and one line stays free for the prompt") {
  const Captured captured;
  const auto look = terminal_look(captured.console(), {.columns = "100", .lines = "30"});
  CHECK(look.columns == 100);
  CHECK(look.rows == 29);
}

TEST_CASE("a size that is none, or too small or too large, does no harm") {
  const Captured captured;
  const auto columns_for = [&](const char* text) {
    return terminal_look(captured.console(), {.columns = text, .lines = text}).columns;
  };
  CHECK(columns_for("x") == 80);
  CHECK(columns_for("-5") == 80);
  CHECK(columns_for("99999999999999999999") == 80);
  CHECK(columns_for("3") == render::fewest_columns);
  CHECK(columns_for("9999") == render::most_columns);
}

TEST_CASE("a chart has colours if stdout shows them") {
  const Captured captured(Console::Colours::shown);
  CHECK(terminal_look(captured.console(), {}).colours != render::TerminalColours::none);
}
