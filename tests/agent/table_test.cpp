#include "core/table.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <map>
#include <random>

using mprofpp::agent::Table;

namespace {

struct Entry {
  std::uint64_t key = 0;
  int value = 0;
};

}  // namespace

TEST_CASE("an empty table has no entries") {
  Table<Entry> table;
  CHECK(table.find(1) == nullptr);
}

TEST_CASE("an entry is found until it is erased, however the table has grown") {
  Table<Entry> table;
  for (std::uint64_t key = 1; key <= 10'000; ++key) table.put(key)->value = static_cast<int>(key);
  for (std::uint64_t key = 2; key <= 10'000; key += 2) table.erase(*table.find(key));
  for (std::uint64_t key = 1; key <= 10'000; ++key) {
    const auto* entry = table.find(key);
    REQUIRE((entry != nullptr) == (key % 2 == 1));
    if (entry != nullptr) REQUIRE(entry->value == static_cast<int>(key));
  }
}

TEST_CASE("a table agrees with a map after any sequence of additions and removals") {
  Table<Entry> table;
  std::map<std::uint64_t, int> expected;
  std::mt19937_64 random(20261129);
  for (int step = 0; step < 100'000; ++step) {
    // addresses of objects: multiples of 16, and so few that they are used again
    const auto key = (1 + random() % 1000) * 16;
    if (random() % 2 == 0) {
      table.put(key)->value = step;
      expected[key] = step;
    } else if (auto* entry = table.find(key)) {
      table.erase(*entry);
      expected.erase(key);
    }
  }
  for (std::uint64_t key = 16; key <= 16'000; key += 16) {
    const auto* entry = table.find(key);
    const auto found = expected.find(key);
    REQUIRE((entry != nullptr) == (found != expected.end()));
    if (entry != nullptr) REQUIRE(entry->value == found->second);
  }
}
