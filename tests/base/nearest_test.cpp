#include "mprofpp/base/nearest.hpp"

#include <doctest/doctest.h>

using mprofpp::nearest;
using mprofpp::nearest_to_pattern;
using mprofpp::nearest_within;

namespace {

const std::vector<std::string> commands = {"run", "attach", "mark", "span", "plot", "peak", "list"};

}  // namespace

TEST_CASE("a word with a letter too many, too few, wrong or swapped is still recognised") {
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

TEST_CASE("the number of slips may be given") {
  CHECK(nearest("peke", commands) == std::nullopt);
  CHECK(nearest_within(2, "peke", commands) == "peak");
  CHECK(nearest_within(1, "peke", commands) == std::nullopt);
  CHECK(nearest_within(0, "peak", commands) == "peak");
}

TEST_CASE("a word of two letters is never a misspelling") {
  CHECK(nearest("ls", {"rs", "l"}) == std::nullopt);
  CHECK(nearest("", {"", "a"}).value_or("none").empty());
}

TEST_CASE("a different word is not taken for a misspelling") {
  CHECK(nearest("make", commands) == std::nullopt);
  CHECK(nearest("python3", commands) == std::nullopt);
  CHECK(nearest("plot", {}) == std::nullopt);
}

TEST_CASE("the nearest of several is the one with the fewest slips, and the first of those") {
  CHECK(nearest("--colour", {"--colours", "--color", "--coloured"}) == "--colours");
  CHECK(nearest("--colo", {"--cold", "--color", "--colo"}) == "--colo");
}

TEST_CASE("the names nearest to a pattern differ from text that it matches by a few slips") {
  const std::vector<std::string> names{"app.main", "app.upload_file", "app.upload_list", "db.load"};
  using Names = std::vector<std::string>;
  CHECK(nearest_to_pattern("app.uplaod_*", names, 3) ==
        Names{"app.upload_file", "app.upload_list"});
  CHECK(nearest_to_pattern("app.uplaod_*", names, 1) == Names{"app.upload_file"});
  CHECK(nearest_to_pattern("ap?.mian", names, 3) == Names{"app.main"});
  CHECK(nearest_to_pattern("shop.*", names, 3).empty());
  CHECK(nearest_to_pattern("*", {}, 3).empty());
}

TEST_CASE("a pattern may be meant for the end of a name") {
  const std::vector<std::string> names{"app.Shop.load", "app.reload_all"};
  CHECK(nearest_to_pattern("load", names, 3) == std::vector<std::string>{"app.Shop.load"});
  CHECK(nearest_to_pattern("Shop.loadx", names, 3) == std::vector<std::string>{"app.Shop.load"});
}

TEST_CASE("the nearest name comes first, whatever the order of the names") {
  CHECK(nearest_to_pattern("app.loader", {"app.leaders", "app.load", "app.loaders"}, 2) ==
        std::vector<std::string>{"app.loaders", "app.leaders"});
}
