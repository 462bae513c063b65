#include "mprofpp/analysis/names.hpp"

#include <doctest/doctest.h>

using mprofpp::analysis::short_names;
using Names = std::vector<std::string>;

TEST_CASE("a name is as short as it can be without being that of another function") {
  CHECK(short_names({"__main__.inner"}) == Names{"inner"});
  CHECK(short_names({"a.b.load", "c.load", "x.save"}) == Names{"b.load", "c.load", "save"});
  CHECK(short_names({"a.x.f", "b.x.f"}) == Names{"a.x.f", "b.x.f"});
}

TEST_CASE("a name that is the ending of another stays whole") {
  CHECK(short_names({"f", "m.f"}) == Names{"f", "m.f"});
}

TEST_CASE("equal names count as one") {
  CHECK(short_names({"m.f", "m.f"}) == Names{"f", "f"});
}

TEST_CASE("names without dots, or with dots only at their edges, stay whole") {
  CHECK(short_names({".blk", "plain", "ends."}) == Names{".blk", "plain", "ends."});
}

TEST_CASE("a name of ten thousand dots is shortened in no time") {
  std::string name;
  for (int i = 0; i < 10'000; ++i) name += "a.";
  CHECK(short_names({name + "f", name + "g"}) == Names{"f", "g"});
}

TEST_CASE("C++ names lose the scopes that are not needed") {
  CHECK(short_names({"pugi::xml_document::save", "app::Catalogue::save", "app::Log<a::B>::load"}) ==
        Names{"xml_document::save", "Catalogue::save", "load"});
  CHECK(short_names({"a::(anonymous namespace)::f<b::C, d::E>"}) == Names{"f<b::C, d::E>"});
  CHECK(short_names({"a::f", "f"}) == Names{"a::f", "f"});
}

TEST_CASE("operators and lambdas keep the name of what they belong to") {
  CHECK(short_names({"a::B::operator()", "main::{lambda(int)#1}::operator()", "a::B::operator->",
                     "std::operator<< <x::y>", "a::operator<"}) ==
        Names{"B::operator()", "main::{lambda(int)#1}::operator()", "a::B::operator->",
              "std::operator<< <x::y>", "a::operator<"});
}

TEST_CASE("the names that people give to spans, and places in files, stay whole") {
  const Names names{"load big.csv", "libx.so+0x1a2b", "/usr/bin/a.out", "at 10:30", "::", "::f"};
  CHECK(short_names(names) == names);
}
