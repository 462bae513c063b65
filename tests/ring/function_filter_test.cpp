#include "mprofpp/ring/function_filter.hpp"

#include <doctest/doctest.h>

#include <memory>

using namespace mprofpp;
using ring::FunctionFilter;

TEST_CASE("the process finds every entry that the recorder has written") {
  FunctionFilter filter;
  const auto of_process = std::make_unique<wire::FunctionFilter>();
  const auto address = [](std::uint64_t i) { return 0x555500000000 + i * 16; };
  const auto add = [&](std::uint64_t entry) {
    if (const auto place = filter.add(entry)) of_process->addresses[*place] = entry;
  };
  const auto verdict_on = [&](std::uint64_t i) {
    return wire::verdict_on(*of_process, address(i));
  };
  for (std::uint64_t i = 0; i < 100; ++i) add(address(i) | wire::wanted_bit);
  for (std::uint64_t i = 100; i < 2 * wire::most_filter_entries; ++i) add(address(i));
  for (std::uint64_t i = 0; i < 100; ++i) CHECK(verdict_on(i) == wire::Verdict::wanted);
  for (std::uint64_t i = 100; i < wire::most_filter_entries; ++i) {
    CHECK(verdict_on(i) == wire::Verdict::muted);
  }
  CHECK(verdict_on(wire::most_filter_entries) == wire::Verdict::unknown);
}

TEST_CASE("wanted functions leave room for unwanted ones") {
  FunctionFilter filter;
  for (std::uint64_t i = 1; i < wire::filter_slots; ++i) filter.add(i * 16 | wire::wanted_bit);
  CHECK(filter.count() == wire::most_wanted_entries);
  CHECK(filter.add(8).has_value());
}

TEST_CASE("an address is added once, and zero never") {
  FunctionFilter filter;
  CHECK(filter.add(16).has_value());
  CHECK_FALSE(filter.add(16).has_value());
  CHECK_FALSE(filter.add(16 | wire::wanted_bit).has_value());
  CHECK_FALSE(filter.add(0).has_value());
}
