#include "mprofpp/page/strings.hpp"

#include <doctest/doctest.h>

using namespace mprofpp::page;

TEST_CASE("control characters and bytes that are not UTF-8 are visible") {
  CHECK(shown_text("a\nb\x1b[0m", 100) == "a\\nb\\x1b[0m");
  CHECK(shown_text("\xff", 100) == "\\xff");
  CHECK(shown_text("\xe4\xb8\xad\xe6\x96\x87", 100) == "中文");
}

TEST_CASE("a long text is cut between characters") {
  CHECK(shown_text("abc", 3) == "abc");
  CHECK(shown_text("abcd", 3) == "abc…");
  CHECK(shown_text("中文中文", 3) == "中文中…");
  CHECK(shown_text(std::string(1'000'000, 'x'), 10) == "xxxxxxxxxx…");
}

TEST_CASE("a line of a source keeps its tabs") {
  CHECK(shown_source("\tif x:\t\x01", 100) == "\tif x:\t\\x01");
}

TEST_CASE("equal texts have one number") {
  Strings strings;
  CHECK(strings.number_of("a") == 0);
  CHECK(strings.number_of("b") == 1);
  CHECK(strings.number_of("a") == 0);
  CHECK(strings.all() == std::vector<std::string>{"a", "b"});
}
