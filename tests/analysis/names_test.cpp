#include "mprofpp/analysis/names.hpp"

#include <doctest/doctest.h>

using mprofpp::analysis::short_names;
using Names = std::vector<std::string>;

TEST_CASE("a name is as short as it can be without meaning another") {
  CHECK(short_names({"__main__.inner"}) == Names{"inner"});
  CHECK(short_names({"a.b.load", "c.load", "x.save"}) == Names{"b.load", "c.load", "save"});
  CHECK(short_names({"a.x.f", "b.x.f"}) == Names{"a.x.f", "b.x.f"});
}

TEST_CASE("a name that is the ending of another stays whole") {
  CHECK(short_names({"f", "m.f"}) == Names{"f", "m.f"});
}

TEST_CASE("names that occur twice are one name") {
  CHECK(short_names({"m.f", "m.f"}) == Names{"f", "f"});
}

TEST_CASE("dots at the edges and names without any are left alone") {
  CHECK(short_names({".blk", "plain", "ends."}) == Names{".blk", "plain", "ends."});
}

TEST_CASE("a name of ten thousand dots takes no time") {
  std::string name;
  for (int i = 0; i < 10'000; ++i) name += "a.";
  CHECK(short_names({name + "f", name + "g"}) == Names{"f", "g"});
}
