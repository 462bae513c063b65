#include "mprofpp/base/text_width.hpp"

#include <doctest/doctest.h>

using namespace mprofpp;

TEST_CASE("characters of East Asia and emoji need two columns, combining marks none") {
  CHECK(text_width("abc") == 3);
  CHECK(text_width("日本語") == 6);
  CHECK(text_width("한") == 2);
  CHECK(text_width("🎉") == 2);
  CHECK(text_width("e\u0301") == 1);
  CHECK(text_width("é·…−←") == 5);
  CHECK(text_width("") == 0);
}

TEST_CASE("a byte that is not UTF-8 counts as one character") {
  CHECK(text_width("a\xff") == 2);
}

TEST_CASE("the start that fits never has half of a wide character") {
  CHECK(start_that_fits("日本語", 6) == "日本語");
  CHECK(start_that_fits("日本語", 5) == "日本");
  CHECK(start_that_fits("日本語", 1).empty());
}

TEST_CASE("marks stay with the character that they join") {
  CHECK(start_that_fits("e\u0301x", 1) == "e\u0301");
}

TEST_CASE("a text that is cut ends with an ellipsis and fits") {
  CHECK(cut_to_width("abcdef", 4) == "abc…");
  CHECK(cut_to_width("日本語", 5) == "日本…");
  CHECK(cut_to_width("日本語", 4) == "日…");
  CHECK(cut_to_width("abcd", 4) == "abcd");
  CHECK(cut_to_width("abcd", 0).empty());
}
