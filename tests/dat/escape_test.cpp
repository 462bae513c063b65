#include "mprofpp/dat/escape.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "mprofpp/base/text.hpp"

using namespace mprofpp;
using namespace mprofpp::dat;

namespace {

std::string field(std::string_view text) {
  std::string out;
  append_field(out, text);
  return out;
}

std::string quoted(const std::vector<std::string>& arguments) {
  return quote_arguments(arguments);
}

bool is_utf8(std::string_view text) {
  return to_valid_utf8(text) == text;
}

}  // namespace

TEST_CASE("every byte, alone or before any other, survives a field and back") {
  for (int first = 0; first < 256; ++first) {
    const std::string one(1, static_cast<char>(first));
    REQUIRE(decode_field(field(one)) == one);
    for (int second = 0; second < 256; ++second) {
      const auto two = one + static_cast<char>(second);
      REQUIRE(decode_field(field(two)) == two);
    }
  }
}

TEST_CASE(
    "a field never contains a space, a control character, a dollar, a backslash or broken UTF-8") {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const auto text = field(std::string{static_cast<char>(first), static_cast<char>(second)});
      for (const char c : text) REQUIRE(static_cast<unsigned char>(c) > 0x20);
      REQUIRE(text.find_first_of("$\\\x7F") == std::string::npos);
      REQUIRE(is_utf8(text));
      REQUIRE_FALSE(text.empty());
    }
  }
}

TEST_CASE("readable text stays readable in a field") {
  CHECK(field("gunicorn:worker[3]") == "gunicorn:worker[3]");
  CHECK(field("größe") == "größe");
}

TEST_CASE("a byte that a field cannot contain is written as %XX") {
  CHECK(field("a b") == "a%20b");
  CHECK(field("100%") == "100%25");
  CHECK(field("$x\\") == "%24x%5C");
  CHECK(field("a\nb\r\t") == "a%0Ab%0D%09");
  CHECK(field("\xFF") == "%FF");
}

TEST_CASE("empty text is a dash, and a dash is not empty text") {
  CHECK(field("") == "-");
  CHECK(decode_field("-") == "");
  CHECK(field("-") == "%2D");
  CHECK(decode_field("%2D") == "-");
  CHECK(field("--") == "--");
}

TEST_CASE("a percent sign that does not start a %XX stands for itself") {
  CHECK(decode_field("100%") == "100%");
  CHECK(decode_field("100%2") == "100%2");
  CHECK(decode_field("%zz%4") == "%zz%4");
  CHECK(decode_field("%41%4a") == "AJ");
}

TEST_CASE(
    "a command line shows plain arguments as they are and quotes those that a shell would split") {
  CHECK(quoted({"gunicorn", "-c", "conf.py", "app:app"}) == "gunicorn -c conf.py app:app");
  CHECK(quoted({"sh", "-c", "echo a; b"}) == "sh -c \"echo a; b\"");
  CHECK(quoted({"printf", ""}) == "printf \"\"");
  CHECK(quoted({"a\"b\\c"}) == "\"a\\\"b\\\\c\"");
}

TEST_CASE("a command line is one line of UTF-8, whatever the arguments contain") {
  CHECK(quoted({"python", "-c", "a\nb"}) == "python -c \"a\\nb\"");
  CHECK(quoted({"a\rb"}).find('\r') == std::string::npos);
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const auto line = quoted({{static_cast<char>(first), static_cast<char>(second)}});
      REQUIRE(is_utf8(line));
      for (const char c : line) REQUIRE(static_cast<unsigned char>(c) >= 0x20);
      REQUIRE(line.find('\x7F') == std::string::npos);
    }
  }
}

TEST_CASE("a dollar in a command line is escaped, so that it does not start a formula") {
  CHECK(escape_formulas("echo $HOME $x") == "echo \\$HOME \\$x");
  CHECK(escape_formulas("plain") == "plain");
}
