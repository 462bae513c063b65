#include "cli/cli.hpp"

#include <doctest/doctest.h>

#include "captured.hpp"

using mprofpp::test::dispatched;

TEST_CASE("without a command, a note names the help, and the usage was wrong") {
  const auto done = dispatched({});
  CHECK(done.status == 2);
  CHECK(done.err == "mprofpp: no command (try mprofpp --help)\n");
}

TEST_CASE("the help lists all commands on stdout") {
  for (const char* spelling : {"--help", "-h", "help"}) {
    CAPTURE(spelling);
    const auto done = dispatched({spelling});
    CHECK(done.status == 0);
    CHECK(done.out.find("\n  run       record the memory of a program") != std::string::npos);
    CHECK(done.out.find("\n  clean ") != std::string::npos);
    CHECK(done.err.empty());
  }
}

TEST_CASE("the version is one line") {
  for (const mprofpp::app::Arguments& arguments :
       {mprofpp::app::Arguments{"--version"}, {"-V"}, {"peak", "--version"}}) {
    const auto done = dispatched(arguments);
    CHECK(done.status == 0);
    CHECK(done.out.starts_with("mprofpp "));
    CHECK(done.out.find('\n') == done.out.size() - 1);
  }
}

TEST_CASE("help COMMAND and COMMAND --help print the same") {
  const auto help = dispatched({"help", "peak"});
  CHECK(help.status == 0);
  CHECK(help.out.starts_with("usage: mprofpp peak [OPTIONS] [FILE …]\n"));
  CHECK(dispatched({"peak", "--help"}).out == help.out);
}

TEST_CASE("an unambiguous prefix of a command is enough") {
  CHECK(dispatched({"pea", "--help"}).out.starts_with("usage: mprofpp peak "));
}

TEST_CASE("a prefix that was unambiguous before there were more commands keeps its meaning") {
  CHECK(dispatched({"h"}).out == dispatched({"help"}).out);
  CHECK(dispatched({"he"}).out == dispatched({"help"}).out);
  CHECK(dispatched({"s", "--help"}).out.starts_with("usage: mprofpp span "));
  CHECK(dispatched({"c", "--help"}).out.starts_with("usage: mprofpp clean "));
  CHECK(dispatched({"l", "--help"}).out.starts_with("usage: mprofpp list "));
  CHECK(dispatched({"ho", "--help"}).out.starts_with("usage: mprofpp holders "));
  CHECK(dispatched({"o", "--help"}).out.starts_with("usage: mprofpp objects "));
  CHECK(dispatched({"g", "--help"}).out.starts_with("usage: mprofpp gc "));
}

TEST_CASE("an ambiguous prefix of a command is refused with two commands that it could be") {
  const auto done = dispatched({"p"});
  CHECK(done.status == 2);
  CHECK(done.err == "mprofpp: p: could be plot or peak\n");
}

TEST_CASE("a misspelt command is refused with the nearest one") {
  for (const std::string misspelt : {"paek", "peke"}) {
    CHECK(dispatched({misspelt}).err ==
          "mprofpp: " + misspelt +
              ": no such command (did you mean mprofpp peak? mprofpp --help lists the commands)\n");
  }
}

TEST_CASE("help and its abbreviations print the general help or that of a command") {
  const auto general = dispatched({"--help"}).out;
  for (const char* spelling : {"help", "he", "h"}) {
    CAPTURE(spelling);
    CHECK(dispatched({spelling}).out == general);
    CHECK(dispatched({spelling, "pe"}).out == dispatched({"peak", "--help"}).out);
  }
  CHECK(dispatched({"hlep"}).err.find("did you mean mprofpp help?") != std::string::npos);
}

TEST_CASE("help of a command that does not exist is wrong usage, and a similar one is named") {
  const auto done = dispatched({"help", "paek"});
  CHECK(done.status == 2);
  CHECK(done.out.empty());
  CHECK(done.err.starts_with("mprofpp: paek: no such command (did you mean mprofpp peak?"));
  CHECK(dispatched({"help", "peak", "plot"}).status == 2);
}

TEST_CASE("a misspelt --help is refused with it") {
  CHECK(dispatched({"--hlp"}).err == "mprofpp: --hlp: no such command (did you mean --help?)\n");
}

TEST_CASE("a program in PATH is not taken for a misspelt command") {
  CHECK(dispatched({"cat"}).err.find("(mprofpp run cat records it; ") != std::string::npos);
  CHECK(dispatched({"env"}).err.find("(mprofpp run env records it; ") != std::string::npos);
}

TEST_CASE("a program in place of a command is refused with the command that records it") {
  CHECK(dispatched({"./a.out"}).err ==
        "mprofpp: ./a.out: no such command (mprofpp run ./a.out records it; mprofpp --help lists "
        "the commands)\n");
}

TEST_CASE("an option in place of a command is refused with the place for options") {
  CHECK(dispatched({"-C", "x"}).err ==
        "mprofpp: -C: no such command (options go after the command: mprofpp run -C PROGRAM)\n");
}

TEST_CASE("an option of another command is refused with that command") {
  const auto done = dispatched({"list", "--flame"});
  CHECK(done.status == 2);
  CHECK(done.err ==
        "mprofpp: --flame: no such option (mprofpp plot has it; try mprofpp list --help)\n");
}

TEST_CASE("a short option is not looked up in other commands, where it may mean something else") {
  CHECK(dispatched({"rm", "-f", "0"}).err ==
        "mprofpp: -f: no such option (try mprofpp rm --help)\n");
}

TEST_CASE("an operand that the command does not take is refused") {
  CHECK(dispatched({"list", "x.dat"}).err ==
        "mprofpp: x.dat: unexpected argument (try mprofpp list --help)\n");
}

TEST_CASE("wrong usage of run has the status of a recorder that failed") {
  CHECK(dispatched({"run", "--no-such-option"}).status == 125);
  CHECK(dispatched({"run"}).status == 125);
}

TEST_CASE("run -a does what attach does") {
  for (const char* spelling : {"-a", "--attach"}) {
    const auto done = dispatched({"run", spelling});
    CHECK(done.status == 2);
    CHECK(done.err ==
          "mprofpp: attach: no process to record (mprofpp attach [OPTIONS] PID|NAME)\n");
  }
}
