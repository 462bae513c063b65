#include "mprofpp/mark/muted.hpp"

#include <doctest/doctest.h>

#include <memory>

using namespace mprofpp;
using mark::MutedFunctions;

TEST_CASE("the process finds every address where the recorder has put it") {
  MutedFunctions muted;
  const auto table = std::make_unique<wire::MuteTable>();
  const auto address = [](std::uint64_t i) { return 0x555500000000 + i * 16; };
  for (std::uint64_t i = 0; i < 2 * wire::most_muted; ++i) {
    if (const auto place = muted.add(address(i))) table->addresses[*place] = address(i);
  }
  for (std::uint64_t i = 0; i < wire::most_muted; ++i) CHECK(wire::is_muted(*table, address(i)));
  CHECK_FALSE(wire::is_muted(*table, address(wire::most_muted)));
}

TEST_CASE("an address is put there once, and zero never") {
  MutedFunctions muted;
  CHECK(muted.add(16).has_value());
  CHECK_FALSE(muted.add(16).has_value());
  CHECK_FALSE(muted.add(0).has_value());
}
