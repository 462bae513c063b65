#include "mprofpp/mark/grouping.hpp"

#include <doctest/doctest.h>

#include "made_up.hpp"

using namespace mprofpp;
using test::enter;
using test::leave;
using test::Told;
using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t second = 1'000'000;  // microseconds

/// So many calls, `gap` microseconds apart, each of that length.
void call(Told& told, std::uint64_t from, int count, std::uint64_t gap, std::uint64_t length) {
  static std::uint64_t id = 0;
  for (int i = 0; i < count; ++i, from += gap) {
    ++id;
    told.take(enter(id, from), leave(id, from + length));
  }
}

std::uint64_t grouped(const Told& told) {
  std::uint64_t count = 0;
  for (const auto& group : told.out.of<model::CallGroup>()) count += group.count;
  return count;
}

}  // namespace

TEST_CASE("short calls are told one by one until there are more than a hundred a second") {
  Told told;
  call(told, 10 * second, 1000, 100, 10);
  told.image.end(Instant(20s));
  CHECK(told.calls().size() == 100);
  CHECK(grouped(told) == 900);
}

TEST_CASE("once a function was busy, the next second is grouped from its beginning") {
  Told told;
  call(told, 10 * second, 5000, 400, 10);
  told.image.end(Instant(20s));
  CHECK(told.calls().size() == 100);
  CHECK(told.out.of<model::CallGroup>().size() == 2);
  CHECK(grouped(told) == 4900);
}

TEST_CASE("a hundred calls a second are few") {
  Told told;
  call(told, 10 * second, 300, 10'000, 10);
  told.image.end(Instant(20s));
  CHECK(told.calls().size() == 300);
}

TEST_CASE("calls of a millisecond have their own line however many there are") {
  Told told;
  call(told, 10 * second, 500, 2000, 1000);
  told.image.end(Instant(20s));
  CHECK(told.calls().size() == 500);
}

TEST_CASE("how short a call must be can be told, and that none is short") {
  Told longer({.shortest = 5ms});
  call(longer, 10 * second, 500, 2000, 1000);
  longer.image.end(Instant(20s));
  CHECK(grouped(longer) == 400);
  Told all({.shortest = std::nullopt});
  call(all, 10 * second, 5000, 100, 10);
  all.image.end(Instant(20s));
  CHECK(all.calls().size() == 5000);
}

TEST_CASE("a group tells how often, how long, and what it did to memory") {
  Told told({.busy = 0});
  auto end = leave(1, 10);
  end.rss = 5 << 20;
  told.take(enter(1, 0), end, enter(2, 20), leave(2, 50));
  told.image.end(Instant(1s));
  const auto groups = told.out.of<model::CallGroup>();
  REQUIRE(groups.size() == 1);
  const model::CallGroup expected{"a", 42, "t7", 0, Instant(0us), Instant(50us), 2, 40e-6, 1, 5, 4};
  CHECK(groups.front().seconds == doctest::Approx(40e-6));
  auto group = groups.front();
  group.seconds = expected.seconds;
  CHECK(group == expected);
}

TEST_CASE("levels have groups of their own and are counted together") {
  Told told;
  for (std::uint64_t i = 0; i < 200; ++i) {
    told.take(enter(2 * i + 1, i), enter(2 * i + 2, i), leave(2 * i + 2, i), leave(2 * i + 1, i));
  }
  told.image.end(Instant(1s));
  CHECK(told.calls().size() == 100);
  CHECK(told.out.of<model::CallGroup>().size() == 2);
  CHECK(grouped(told) == 300);
}

TEST_CASE("a group is told when its second is over, not only at the end") {
  Told told({.busy = 0});
  call(told, 10 * second, 5, 100, 10);
  told.image.tell(Instant(10500ms));
  CHECK(grouped(told) == 0);
  told.image.tell(Instant(11s));
  CHECK(grouped(told) == 5);
}
