#include "words.hpp"

#include <doctest/doctest.h>

using namespace mprofpp;
using namespace mprofpp::app;
using Words = std::vector<std::string>;

namespace {

const std::vector<OptionShape> options = {
    {{"-T", "--interval"}, true},
    {{"-C", "--include-children"}, false},
    {{"-M", "--multiprocess"}, false},
    {{"-o", "--output"}, true},
    {{"--python"}, false},
    {{"--nopython"}, false},
    {{"-E", "--exit-code"}, false},
    {{"--no-exit-code"}, false},
    {{"-q"}, false},
    {{"-w"}, true},
};

CutWords cut(const Words& words) {
  const auto result = cut_at_program(words, options);
  REQUIRE(result.has_value());
  return *result;
}

CutWords separated(const Words& words) {
  const auto result = separate_operands(words, options);
  REQUIRE(result.has_value());
  return *result;
}

Error refused(const Words& words) {
  const auto result = cut_at_program(words, options);
  REQUIRE_FALSE(result.has_value());
  return result.error();
}

}  // namespace

TEST_CASE("everything from the program on is the program's, byte for byte") {
  const Words program = {"echo", "-5", "-C", "--", "--output=x", "-o", "", "\xFF\n", "--help"};
  Words words = {"-C"};
  words.insert(words.end(), program.begin(), program.end());
  CHECK(cut(words).options == Words{"-C"});
  CHECK(cut(words).rest == program);
}

TEST_CASE("two dashes end our options and are not the program's") {
  CHECK(cut({"--", "-strange-program", "-C"}).rest == Words{"-strange-program", "-C"});
  CHECK(cut({"-C", "--", "--", "x"}).rest == Words{"--", "x"});
  CHECK(cut({"--"}).rest.empty());
}

TEST_CASE("a value is not taken for the program, and the program not for a value") {
  CHECK(cut({"-T", "0.1", "sleep", "1"}).rest == Words{"sleep", "1"});
  CHECK(cut({"-C", "0.1"}).rest == Words{"0.1"});
}

TEST_CASE("a value may begin with a minus") {
  CHECK(cut({"-T", "-1", "true"}).options == Words{"--interval=-1"});
  CHECK(cut({"--interval", "-1", "true"}).options == Words{"--interval=-1"});
  CHECK(cut({"--interval=-1", "true"}).options == Words{"--interval=-1"});
  CHECK(cut({"-T-1", "true"}).options == Words{"--interval=-1"});
  CHECK(cut({"-o", "--", "true"}).options == Words{"--output=--"});
  CHECK(cut({"-w", "-1,2", "true"}).options == Words{"-w-1,2"});
}

TEST_CASE("long options may be shortened as far as they stay unambiguous") {
  CHECK(cut({"--multi", "--int", "0.05", "sleep"}).options ==
        Words{"--multiprocess", "--interval=0.05"});
  CHECK(cut({"--inc", "x"}).options == Words{"--include-children"});
  CHECK(cut({"--out=a=b", "x"}).options == Words{"--output=a=b"});
  CHECK(cut({"--exit", "x"}).options == Words{"--exit-code"});
}

TEST_CASE("an ambiguous beginning is refused with what it could be") {
  const auto error = refused({"--no", "x"});
  CHECK(error.place == "--no");
  CHECK(error.what.find("--nopython") != std::string::npos);
  CHECK(error.what.find("--no-exit-code") != std::string::npos);
}

TEST_CASE("a full name is never ambiguous, even where another begins like it") {
  const std::vector<OptionShape> pair = {{{"--trace"}, false}, {{"--trace-children"}, false}};
  CHECK(cut_at_program({"--trace", "x"}, pair).value().options == Words{"--trace"});
}

TEST_CASE("short options may be written in one word") {
  CHECK(cut({"-CM", "x"}).options == Words{"-C", "-M"});
  CHECK(cut({"-CMT0.1", "x"}).options == Words{"-C", "-M", "--interval=0.1"});
  CHECK(cut({"-CMT", "0.1", "x"}).options == Words{"-C", "-M", "--interval=0.1"});
  CHECK(cut({"-CMT", "0.1", "x"}).rest == Words{"x"});
}

TEST_CASE("a single dash is no option") {
  CHECK(cut({"-", "x"}).rest == Words{"-", "x"});
}

TEST_CASE("an unknown option is refused by name") {
  CHECK(refused({"--wrong", "x"}).place == "--wrong");
  CHECK(refused({"-Z", "x"}).place == "-Z");
  CHECK(refused({"-CZ", "x"}).place == "-Z");
  CHECK(refused({"--wrong=3", "x"}).place == "--wrong");
}

TEST_CASE("a missing or needless value is refused") {
  CHECK(refused({"-T"}).what.find("needs a value") != std::string::npos);
  CHECK(refused({"-C", "--output"}).place == "--output");
  CHECK(refused({"--multiprocess=yes", "x"}).what.find("takes no value") != std::string::npos);
}

TEST_CASE("operands may stand between options, before and behind them") {
  const auto words = separated({"a.dat", "-o", "x.png", "b.dat", "-C", "c.dat"});
  CHECK(words.options == Words{"--output=x.png", "-C"});
  CHECK(words.rest == Words{"a.dat", "b.dat", "c.dat"});
}

TEST_CASE("a negative number among operands is an operand") {
  const auto words = separated({"-1", "-o", "x.png", "-2.5"});
  CHECK(words.rest == Words{"-1", "-2.5"});
  CHECK(words.options == Words{"--output=x.png"});
}

TEST_CASE("behind two dashes all words are operands") {
  CHECK(separated({"a", "--", "-o", "--"}).rest == Words{"a", "-o", "--"});
}

TEST_CASE("an empty value is refused: it would take the next word's place") {
  const std::vector<OptionShape> options = {{{"-o", "--output"}, true}};
  CHECK_FALSE(cut_at_program({"-o", "", "true"}, options).has_value());
  CHECK_FALSE(cut_at_program({"--output=", "true"}, options).has_value());
}

TEST_CASE("a misspelt option is answered with the one that it is nearest to") {
  CHECK(refused({"--intervall", "1"}).hint == "did you mean --interval?");
  CHECK(refused({"--multi-process"}).hint == "did you mean --multiprocess?");
  CHECK(refused({"-python"}).hint == "did you mean --python?");
  CHECK(refused({"--colour"}).hint.empty());
}
