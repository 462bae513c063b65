#include "objects/numbering.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <set>
#include <vector>

using mprofpp::agent::objects::no_number;
using mprofpp::agent::objects::Numbering;
using mprofpp::agent::python::Object;

namespace {

Object* at(std::uint64_t address) {
  return reinterpret_cast<Object*>(address);
}

/// Places of objects: many close together, some far away, and some at the edges of what has a block.
std::set<std::uint64_t> places() {
  std::mt19937_64 random(20261130);
  std::set<std::uint64_t> found{8, 2040, 2048, 4096 - 8, 0x7FFFFFFFFFF8};
  for (int i = 0; i < 20'000; ++i) found.insert(0x7F0000000000 + random() % 1'000'000 / 16 * 16);
  for (int i = 0; i < 5'000; ++i) found.insert(random() % (1ULL << 47) / 8 * 8);
  return found;
}

}  // namespace

TEST_CASE("without objects nothing has a number") {
  Numbering numbering;
  numbering.number();
  CHECK(numbering.find(at(16)) == no_number);
  CHECK(numbering.count() == 0);
}

TEST_CASE("every object has a number of its own, from 0 on") {
  const auto all = places();
  std::vector<std::uint64_t> added(all.begin(), all.end());
  std::shuffle(added.begin(), added.end(), std::mt19937_64(7));
  Numbering numbering;
  for (const auto place : added) REQUIRE(numbering.add(at(place)));
  REQUIRE(numbering.add(at(added.front())));  // twice
  numbering.number();
  CHECK(numbering.count() == all.size());
  std::set<std::uint32_t> numbers;
  for (const auto place : all) {
    const auto number = numbering.find(at(place));
    REQUIRE(number < all.size());
    REQUIRE(numbering.object(number) == at(place));
    numbers.insert(number);
  }
  CHECK(numbers.size() == all.size());
}

TEST_CASE("places without an object, and those inside of one, have no number") {
  const auto all = places();
  Numbering numbering;
  for (const auto place : all) numbering.add(at(place));
  numbering.number();
  std::mt19937_64 random(8);
  for (int i = 0; i < 100'000; ++i) {
    const auto place = 0x7F0000000000 + random() % 1'000'000;
    REQUIRE((numbering.find(at(place)) != no_number) == (all.count(place) == 1));
  }
}

TEST_CASE("objects are visited in the order of their numbers") {
  Numbering numbering;
  const auto all = places();
  for (const auto place : all) numbering.add(at(place));
  numbering.number();
  std::uint32_t number = 0;
  const bool is_complete =
      numbering.visit([&](const Object* object) { return numbering.find(object) == number++; });
  CHECK(is_complete);
  CHECK(number == all.size());
}

TEST_CASE("a million objects that lie together take a few megabytes") {
  Numbering numbering;
  for (std::uint64_t i = 0; i < 1'000'000; ++i) numbering.add(at(0x7F0000000000 + 64 * i));
  numbering.number();
  CHECK(numbering.count() == 1'000'000);
  CHECK(numbering.bytes() < 3 << 20);
}
