#include "inspection/editor.hpp"

#include <doctest/doctest.h>

using namespace mprofpp::app;
using Names = std::vector<std::string>;

TEST_CASE("the name before the cursor is what is completed") {
  CHECK(name_at_end("len(main.ca") == "main.ca");
  CHECK(name_at_end("x = größe.") == "größe.");
  CHECK(name_at_end("f()") == "");
  CHECK(name_at_end("") == "");
}

TEST_CASE("what all names start with is typed for the user") {
  CHECK(common_start({"main.cache", "main.cached"}) == "main.cache");
  CHECK(common_start({"a", "b"}) == "");
  CHECK(common_start({}) == "");
}

TEST_CASE("private names are offered only if an underscore was typed, or there are no others") {
  const Names names{"main.__doc__", "main._x", "main.x"};
  CHECK(without_private(names, "main.") == Names{"main.x"});
  CHECK(without_private(names, "main._") == names);
  CHECK(without_private({"_a", "b"}, "") == Names{"b"});
  CHECK(without_private({"x._a"}, "x.") == Names{"x._a"});
}

TEST_CASE("names are listed in columns without what they have in common") {
  CHECK(listed({"main.a", "main.bb", "main.ccc"}, 12) == "a    bb\nccc\n");
  CHECK(listed({"main.a"}, 1) == "a\n");
  CHECK(listed(Names(201, "x"), 600).ends_with("\nand 1 more\n"));
}
