#include "mprofpp/base/nearest.hpp"

#include <doctest/doctest.h>

using mprofpp::nearest;

namespace {

const std::vector<std::string> commands = {"run", "attach", "mark", "span", "plot", "peak", "list"};

}  // namespace

TEST_CASE("a letter too many, too few, wrong or swapped still says which word was meant") {
  CHECK(nearest("plott", commands) == "plot");
  CHECK(nearest("atach", commands) == "attach");
  CHECK(nearest("ruN", commands) == "run");
  CHECK(nearest("rnu", commands) == "run");
  CHECK(nearest("attahc", commands) == "attach");
}

TEST_CASE("a longer word may have more slips, at most three") {
  CHECK(nearest("--inclde-childern", {"--include-children"}) == "--include-children");
  CHECK(nearest("--intervall-tme", {"--interval"}) == std::nullopt);
  CHECK(nearest("--inclde-chlde", {"--include-children"}) == std::nullopt);
}

TEST_CASE("a word of two letters is nothing else misspelt") {
  CHECK(nearest("ls", {"rs", "l"}) == std::nullopt);
  CHECK(nearest("", {"", "a"}).value_or("none").empty());
}

TEST_CASE("another word is not taken for a misspelt one") {
  CHECK(nearest("make", commands) == std::nullopt);
  CHECK(nearest("python3", commands) == std::nullopt);
  CHECK(nearest("plot", {}) == std::nullopt);
}

TEST_CASE("the nearest of several is the one with the fewest slips, and the first of those") {
  CHECK(nearest("--colour", {"--colours", "--color", "--coloured"}) == "--colours");
  CHECK(nearest("--colo", {"--cold", "--color", "--colo"}) == "--colo");
}
