#include "mprofpp/inspect/type_growth.hpp"

#include <doctest/doctest.h>

using namespace mprofpp::inspect;

namespace {

Census census_of(std::vector<TypeCount> types) {
  Census census;
  census.types = std::move(types);
  return census;
}

Census with_containers(std::vector<Container> containers) {
  Census census;
  census.containers = std::move(containers);
  return census;
}

}  // namespace

TEST_CASE("at the first look no growth is known, and the largest type is first") {
  const auto types = type_growths(census_of({{"a", 5, 10, "0x1"}, {"b", 1, 20, "0x2"}}), nullptr);
  REQUIRE(types.size() == 2);
  CHECK(types[0].now.name == "b");
  CHECK_FALSE(types[0].count.has_value());
  CHECK_FALSE(types[1].bytes.has_value());
}

TEST_CASE("types that have grown come before larger ones that have not") {
  const auto before = census_of({{"big", 9, 9000, "0x1"}, {"small", 1, 10, "0x2"}});
  const auto types = type_growths(
      census_of({{"big", 8, 8000, "0x1"}, {"small", 3, 30, "0x2"}, {"new", 1, 100, "0x3"}}),
      &before);
  REQUIRE(types.size() == 3);
  CHECK(types[0] == TypeGrowth{{"new", 1, 100, "0x3"}, 1, 100});
  CHECK(types[1] == TypeGrowth{{"small", 3, 30, "0x2"}, 2, 20});
  CHECK(types[2] == TypeGrowth{{"big", 8, 8000, "0x1"}, -1, -1000});
}

TEST_CASE("a type that an incomplete census left out has an unknown growth") {
  auto before = census_of({{"a", 1, 10, "0x1"}});
  before.other_types.types = 1;
  const auto types = type_growths(census_of({{"a", 1, 10, "0x1"}, {"b", 2, 5, "0x2"}}), &before);
  REQUIRE(types.size() == 2);
  CHECK(types[0].count == 0);
  CHECK_FALSE(types[1].count.has_value());
}

TEST_CASE("a type without objects is listed with what it has lost, if the census is complete") {
  const auto before = census_of({{"a", 3, 30, "0x1"}});
  const auto types = type_growths(census_of({}), &before);
  REQUIRE(types.size() == 1);
  CHECK(types[0] == TypeGrowth{{"a", 0, 0, "0x1"}, -3, -30});
  Census cut;
  cut.other_types.types = 1;
  CHECK(type_growths(cut, &before).empty());
}

TEST_CASE("types of the same name are different types") {
  const auto before = census_of({{"main.A", 1, 10, "0x1"}, {"main.A", 5, 50, "0x2"}});
  const auto types =
      type_growths(census_of({{"main.A", 4, 40, "0x1"}, {"main.A", 5, 50, "0x2"}}), &before);
  CHECK(types[0] == TypeGrowth{{"main.A", 4, 40, "0x1"}, 3, 30});
  CHECK(types[1] == TypeGrowth{{"main.A", 5, 50, "0x2"}, 0, 0});
}

TEST_CASE("a container that was too short for the list has grown at least from its end") {
  std::vector<Container> longest;
  for (std::size_t i = 0; i < longest_containers; ++i)
    longest.push_back({std::nullopt, "list", 12 + i, 0, std::to_string(i)});
  const auto before = with_containers(longest);
  const auto containers = container_growths(
      with_containers({{"main.old", "list", 12, 0, "0"}, {"main.cache", "dict", 204, 0, "x"}}),
      &before);
  CHECK(containers[0].now.path == "main.cache");
  CHECK_FALSE(containers[0].length_before.has_value());
  CHECK(containers[0].most_before == 12);
  CHECK(containers[0].growth() == 192);
  CHECK(containers[1].length_before == 12);
}

TEST_CASE("a container is new if all containers were listed before") {
  const auto before = with_containers({{"main.a", "list", 9, 0, "1"}});
  const auto containers = container_growths(
      with_containers({{"main.a", "list", 9, 0, "1"}, {"main.b", "set", 3, 0, "2"}}), &before);
  CHECK(containers[0].now.path == "main.b");
  CHECK(containers[0].growth() == 3);
  CHECK(containers[1].growth() == 0);
}
