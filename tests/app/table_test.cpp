#include "table.hpp"

#include <doctest/doctest.h>

using mprofpp::app::Align;
using mprofpp::app::Table;

TEST_CASE("columns are as wide as their widest cell, counted in characters") {
  Table table({Align::right, Align::left, Align::left});
  table.add({"1", "ä", "x"});
  table.add({"10", "bcd", "long text"});
  CHECK(table.text(0) == " 1  ä    x\n10  bcd  long text\n");
}

TEST_CASE("a line that is too long for the terminal ends in an ellipsis") {
  Table table({Align::left});
  table.add({"abcdefgh"});
  table.add({"ääääääää"});
  table.add({"abcde"});
  CHECK(table.text(5) == "abcd…\nääää…\nabcde\n");
}

TEST_CASE("a cell cannot break its row or reach the terminal raw") {
  Table table({Align::left, Align::left});
  table.add({"a\nb\x1b[31m", "c\xff"});
  CHECK(table.text(0) == "a\\nb\\x1b[31m  c\\xff\n");
}

TEST_CASE("the last column begins behind the others, as wide as they are") {
  Table table({Align::right, Align::left, Align::left});
  table.add({"1", "ä", "a long text"});
  table.add({"10", "bcd", "x"});
  CHECK(table.last_column() == std::string("10  bcd  ").size());
}
