#include "mprofpp/ring/string_table.hpp"

#include <doctest/doctest.h>

#include "ring/records.hpp"

using namespace mprofpp;
using ring::StringTable;

TEST_CASE("a text is known when its last piece has arrived") {
  StringTable texts;
  CHECK_FALSE(texts.add_piece(test::text(1, std::string(40, 'x'), false)));
  CHECK(texts.find(1) == nullptr);
  CHECK(texts.add_piece(test::text(1, "end")));
  REQUIRE(texts.find(1) != nullptr);
  CHECK(*texts.find(1) == std::string(40, 'x') + "end");
}

TEST_CASE("a text that is sent again does not change") {
  StringTable texts;
  texts.add_piece(test::text(1, "first"));
  CHECK_FALSE(texts.add_piece(test::text(1, "second")));
  texts.add(1, "third");
  CHECK(*texts.find(1) == "first");
}

TEST_CASE("an endless text is cut off") {
  StringTable texts;
  for (int i = 0; i < 1000; ++i) texts.add_piece(test::text(1, std::string(40, 'x'), false));
  texts.add_piece(test::text(1, "y"));
  CHECK(texts.find(1)->size() == StringTable::longest);
}

TEST_CASE("the number of texts is limited") {
  StringTable texts;
  for (std::uint64_t id = 0; id < StringTable::most; ++id) texts.add_piece(test::text(id, "x"));
  CHECK_FALSE(texts.add_piece(test::text(StringTable::most, "x")));
  texts.add(StringTable::most, "x");
  CHECK(texts.find(StringTable::most) == nullptr);
  CHECK(texts.find(StringTable::most - 1) != nullptr);
}
