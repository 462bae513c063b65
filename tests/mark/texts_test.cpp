#include "mprofpp/mark/texts.hpp"

#include <doctest/doctest.h>

#include "made_up.hpp"

using namespace mprofpp;
using mark::Texts;

TEST_CASE("a text is known when its last piece has come") {
  Texts texts;
  CHECK_FALSE(texts.take(test::text(1, std::string(40, 'x'), false)));
  CHECK(texts.find(1) == nullptr);
  CHECK(texts.take(test::text(1, "end")));
  REQUIRE(texts.find(1) != nullptr);
  CHECK(*texts.find(1) == std::string(40, 'x') + "end");
}

TEST_CASE("a text that is told again stays what it is") {
  Texts texts;
  texts.take(test::text(1, "first"));
  CHECK_FALSE(texts.take(test::text(1, "second")));
  texts.add(1, "third");
  CHECK(*texts.find(1) == "first");
}

TEST_CASE("a text without end is cut off") {
  Texts texts;
  for (int i = 0; i < 1000; ++i) texts.take(test::text(1, std::string(40, 'x'), false));
  texts.take(test::text(1, "y"));
  CHECK(texts.find(1)->size() == Texts::longest);
}

TEST_CASE("there is an end to the number of texts") {
  Texts texts;
  for (std::uint64_t id = 0; id < Texts::most; ++id) texts.take(test::text(id, "x"));
  CHECK_FALSE(texts.take(test::text(Texts::most, "x")));
  texts.add(Texts::most, "x");
  CHECK(texts.find(Texts::most) == nullptr);
  CHECK(texts.find(Texts::most - 1) != nullptr);
}
