#include "cli/arguments.hpp"

#include <doctest/doctest.h>

using namespace mprofpp;
using namespace mprofpp::app;

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

SplitArguments split(const Arguments& arguments) {
  const auto result = split_at_program(arguments, options);
  REQUIRE(result.has_value());
  return *result;
}

SplitArguments separated(const Arguments& arguments) {
  const auto result = separate_operands(arguments, options);
  REQUIRE(result.has_value());
  return *result;
}

Error refused(const Arguments& arguments) {
  const auto result = split_at_program(arguments, options);
  REQUIRE_FALSE(result.has_value());
  return result.error();
}

}  // namespace

TEST_CASE("the program and its arguments are passed on unchanged") {
  const Arguments program = {"echo", "-5", "-C", "--", "--output=x", "-o", "", "\xFF\n", "--help"};
  Arguments arguments = {"-C"};
  arguments.insert(arguments.end(), program.begin(), program.end());
  CHECK(split(arguments).options == Arguments{"-C"});
  CHECK(split(arguments).rest == program);
}

TEST_CASE("two dashes end the options and are not passed to the program") {
  CHECK(split({"--", "-strange-program", "-C"}).rest == Arguments{"-strange-program", "-C"});
  CHECK(split({"-C", "--", "--", "x"}).rest == Arguments{"--", "x"});
  CHECK(split({"--"}).rest.empty());
}

TEST_CASE("the value of an option is not mistaken for the program, nor the program for a value") {
  CHECK(split({"-T", "0.1", "sleep", "1"}).rest == Arguments{"sleep", "1"});
  CHECK(split({"-C", "0.1"}).rest == Arguments{"0.1"});
}

TEST_CASE("a value may start with a minus sign") {
  CHECK(split({"-T", "-1", "true"}).options == Arguments{"--interval=-1"});
  CHECK(split({"--interval", "-1", "true"}).options == Arguments{"--interval=-1"});
  CHECK(split({"--interval=-1", "true"}).options == Arguments{"--interval=-1"});
  CHECK(split({"-T-1", "true"}).options == Arguments{"--interval=-1"});
  CHECK(split({"-o", "--", "true"}).options == Arguments{"--output=--"});
  CHECK(split({"-w", "-1,2", "true"}).options == Arguments{"-w-1,2"});
}

TEST_CASE("long options may be abbreviated as long as they stay unambiguous") {
  CHECK(split({"--multi", "--int", "0.05", "sleep"}).options ==
        Arguments{"--multiprocess", "--interval=0.05"});
  CHECK(split({"--inc", "x"}).options == Arguments{"--include-children"});
  CHECK(split({"--out=a=b", "x"}).options == Arguments{"--output=a=b"});
  CHECK(split({"--exit", "x"}).options == Arguments{"--exit-code"});
}

TEST_CASE("an ambiguous abbreviation is refused with the options that it could be") {
  const auto error = refused({"--no", "x"});
  CHECK(error.place == "--no");
  CHECK(error.what.find("--nopython") != std::string::npos);
  CHECK(error.what.find("--no-exit-code") != std::string::npos);
}

TEST_CASE("a full name is never ambiguous, even if it is the prefix of another") {
  const std::vector<OptionShape> pair = {{{"--trace"}, false}, {{"--trace-children"}, false}};
  CHECK(split_at_program({"--trace", "x"}, pair).value().options == Arguments{"--trace"});
}

TEST_CASE("short options may be combined in one argument") {
  CHECK(split({"-CM", "x"}).options == Arguments{"-C", "-M"});
  CHECK(split({"-CMT0.1", "x"}).options == Arguments{"-C", "-M", "--interval=0.1"});
  CHECK(split({"-CMT", "0.1", "x"}).options == Arguments{"-C", "-M", "--interval=0.1"});
  CHECK(split({"-CMT", "0.1", "x"}).rest == Arguments{"x"});
}

TEST_CASE("a single dash is not an option") {
  CHECK(split({"-", "x"}).rest == Arguments{"-", "x"});
}

TEST_CASE("an unknown option is refused with its name") {
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

TEST_CASE("operands may be before, between and after options") {
  const auto arguments = separated({"a.dat", "-o", "x.png", "b.dat", "-C", "c.dat"});
  CHECK(arguments.options == Arguments{"--output=x.png", "-C"});
  CHECK(arguments.rest == Arguments{"a.dat", "b.dat", "c.dat"});
}

TEST_CASE("a negative number among operands is an operand") {
  const auto arguments = separated({"-1", "-o", "x.png", "-2.5"});
  CHECK(arguments.rest == Arguments{"-1", "-2.5"});
  CHECK(arguments.options == Arguments{"--output=x.png"});
}

TEST_CASE("all arguments after two dashes are operands") {
  CHECK(separated({"a", "--", "-o", "--"}).rest == Arguments{"a", "-o", "--"});
}

TEST_CASE("an empty value is refused") {
  const std::vector<OptionShape> options = {{{"-o", "--output"}, true}};
  CHECK_FALSE(split_at_program({"-o", "", "true"}, options).has_value());
  CHECK_FALSE(split_at_program({"--output=", "true"}, options).has_value());
}

TEST_CASE("a misspelt option is refused with the most similar one") {
  CHECK(refused({"--intervall", "1"}).hint == "did you mean --interval?");
  CHECK(refused({"--multi-process"}).hint == "did you mean --multiprocess?");
  CHECK(refused({"-python"}).hint == "did you mean --python?");
  CHECK(refused({"--colour"}).hint.empty());
}

TEST_CASE(
    "a value that may be left out is joined with an equals sign, and an operand is never one") {
  const std::vector<OptionShape> options = {{.names = {"--stack"}, .may_take_value = true}};
  const auto bare = separate_operands({"--stack", "x.dat"}, options).value();
  CHECK(bare.options == Arguments{"--stack"});
  CHECK(bare.rest == Arguments{"x.dat"});
  CHECK(separate_operands({"--stack=anon", "x.dat"}, options).value().options ==
        Arguments{"--stack=anon"});
}

TEST_CASE("an abbreviation of an option keeps its meaning if another option has the same prefix") {
  const std::vector<OptionShape> options = {{{"--func"}, true, {"--f"}}, {{"--from"}, true}};
  CHECK(separate_operands({"--f", "x"}, options).value().options == Arguments{"--func=x"});
  CHECK(separate_operands({"--fr", "x"}, options).value().options == Arguments{"--from=x"});
}
