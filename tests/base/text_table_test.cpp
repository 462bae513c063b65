#include "mprofpp/base/text_table.hpp"

#include <doctest/doctest.h>

using mprofpp::Align;
using mprofpp::TextTable;

TEST_CASE("columns are as wide as their widest cell") {
  TextTable table({Align::right, Align::left, Align::left});
  table.add({"1", "ä", "x"});
  table.add({"10", "bcd", "long text"});
  CHECK(table.text(0) == " 1  ä    x\n10  bcd  long text\n");
}

TEST_CASE("a line that is too long for the terminal is cut and ends with an ellipsis") {
  TextTable table({Align::left});
  table.add({"abcdefgh"});
  table.add({"ääääääää"});
  table.add({"abcde"});
  CHECK(table.text(5) == "abcd…\nääää…\nabcde\n");
}

TEST_CASE("wide characters and combining marks are aligned and cut by their columns") {
  TextTable table({Align::left, Align::right});
  table.add({"日本", "1"});
  table.add({"e\u0301clair", "10"});
  CHECK(table.text(0) == "日本     1\ne\u0301clair  10\n");
  TextTable narrow({Align::left});
  narrow.add({"日本語"});
  CHECK(narrow.text(5) == "日本…\n");
}

TEST_CASE("a cell cannot break its row or send control characters to the terminal") {
  TextTable table({Align::left, Align::left});
  table.add({"a\nb\x1b[31m", "c\xff"});
  CHECK(table.text(0) == "a\\nb\\x1b[31m  c\\xff\n");
}

TEST_CASE("the last column starts after the others") {
  TextTable table({Align::right, Align::left, Align::left});
  table.add({"1", "ä", "a long text"});
  table.add({"10", "bcd", "x"});
  CHECK(table.last_column() == std::string("10  bcd  ").size());
}
