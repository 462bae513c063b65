#include "console/console.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>

#include "captured.hpp"

using namespace mprofpp;
using namespace mprofpp::app;
using test::Captured;

TEST_CASE("styles are escape sequences only if colours are shown") {
  const Captured plain;
  CHECK(plain.console().strong("x") == "x");
  CHECK(plain.console().faint("x") == "x");
  const Captured coloured(Console::Colours::shown);
  CHECK(coloured.console().strong("x") == "\033[1mx\033[0m");
  CHECK(coloured.console().faint("x") == "\033[2mx\033[0m");
}

TEST_CASE("a choice of the user replaces what the environment allows") {
  Captured plain;
  plain.console().choose_colours(ColourChoice::automatic);
  CHECK_FALSE(plain.console().colours_stdout());
  plain.console().choose_colours(ColourChoice::always);
  CHECK(plain.console().colours_stdout());
  CHECK(plain.console().strong("x") == "\033[1mx\033[0m");
  Captured coloured(Console::Colours::shown);
  coloured.console().choose_colours(ColourChoice::never);
  CHECK_FALSE(coloured.console().colours_stdout());
  CHECK(coloured.console().strong("x") == "x");
}

TEST_CASE("a message is place, what and hint, as far as there are any") {
  CHECK(message_of({Errc::io, "x.dat", "cannot write", "-f"}) == "x.dat: cannot write (-f)");
  CHECK(message_of({Errc::io, "", "cannot write", "-f"}) == "cannot write (-f)");
  CHECK(message_of({Errc::io, "x.dat", "cannot write"}) == "x.dat: cannot write");
}

TEST_CASE("a file name in a message cannot send control characters to the terminal") {
  const Captured captured;
  captured.console().report({Errc::io, "\x1b[31m\n", "is bad"});
  captured.console().warn("\x1b[31m");
  CHECK(captured.err() == "mprofpp: \\x1b[31m\\n: is bad\nmprofpp: warning: \\x1b[31m\n");
}

TEST_CASE("results go to stdout unchanged, and notes to stderr") {
  const Captured captured;
  captured.console().print("a\tb");
  captured.console().print("c\n");
  captured.console().note("done");
  CHECK(captured.out() == "a\tbc\n");
  CHECK(captured.err() == "mprofpp: done\n");
  CHECK(captured.console().printed().has_value());
}

TEST_CASE("a result that could not be printed is an error") {
  const Fd full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  const Console console({full.get(), full.get()}, Console::Colours::none);
  console.print("text");
  REQUIRE_FALSE(console.printed().has_value());
  CHECK(console.printed().error().place == "stdout");
}

TEST_CASE("a file has no size") {
  const Captured captured;
  CHECK(captured.console().stdout_width() == 0);
  CHECK(captured.console().stdout_size().rows == 0);
}
