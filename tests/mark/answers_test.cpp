#include "mprofpp/mark/answers.hpp"

#include <doctest/doctest.h>

#include <memory>

using namespace mprofpp;
using mark::Answers;

TEST_CASE("the process finds every answer where the recorder has put it") {
  Answers muted;
  const auto table = std::make_unique<wire::AnswerTable>();
  const auto address = [](std::uint64_t i) { return 0x555500000000 + i * 16; };
  const auto tell = [&](std::uint64_t answer) {
    if (const auto place = muted.add(answer)) table->addresses[*place] = answer;
  };
  for (std::uint64_t i = 0; i < 100; ++i) tell(address(i) | wire::wanted_bit);
  for (std::uint64_t i = 100; i < 2 * wire::most_answers; ++i) tell(address(i));
  for (std::uint64_t i = 0; i < 100; ++i) {
    CHECK(wire::answer_of(*table, address(i)) == wire::Answer::wanted);
  }
  for (std::uint64_t i = 100; i < wire::most_answers; ++i) {
    CHECK(wire::answer_of(*table, address(i)) == wire::Answer::muted);
  }
  CHECK(wire::answer_of(*table, address(wire::most_answers)) == wire::Answer::unknown);
}

TEST_CASE("functions that are wanted leave room for those that are not") {
  Answers muted;
  for (std::uint64_t i = 1; i < wire::answer_slots; ++i) muted.add(i * 16 | wire::wanted_bit);
  CHECK(muted.count() == wire::most_wanted);
  CHECK(muted.add(8).has_value());
}

TEST_CASE("an address is put there once, and zero never") {
  Answers muted;
  CHECK(muted.add(16).has_value());
  CHECK_FALSE(muted.add(16).has_value());
  CHECK_FALSE(muted.add(16 | wire::wanted_bit).has_value());
  CHECK_FALSE(muted.add(0).has_value());
}
