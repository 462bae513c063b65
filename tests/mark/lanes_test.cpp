#include "mprofpp/mark/lanes.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace mprofpp;
using namespace mprofpp::mark;
using namespace std::chrono_literals;

namespace {

const LaneId lane{7, wire::LaneKind::thread, 0};

OpenCall call(std::uint64_t id, const void* teller = nullptr, Duration since = {}) {
  OpenCall made;
  made.id = id;
  made.in.t = Instant(since);
  made.teller = teller;
  return made;
}

int level_left(Lanes& lanes, std::uint64_t id) {
  const auto left = lanes.leave(lane, id);
  return left ? left->call.level : -1;
}

}  // namespace

TEST_CASE("the level of a call is the number of those it is in") {
  Lanes lanes;
  for (const std::uint64_t id : {1, 2, 3}) lanes.enter(lane, call(id));
  CHECK(level_left(lanes, 3) == 2);
  lanes.enter(lane, call(4));
  CHECK(level_left(lanes, 4) == 2);
  CHECK(level_left(lanes, 2) == 1);
  CHECK(level_left(lanes, 1) == 0);
  CHECK(lanes.open() == 0);
}

TEST_CASE("lanes do not know of one another") {
  Lanes lanes;
  const LaneId greenlet{7, wire::LaneKind::greenlet, 1};
  lanes.enter(lane, call(1));
  lanes.enter(greenlet, call(2));
  CHECK(lanes.leave(greenlet, 2)->call.level == 0);
  CHECK_FALSE(lanes.leave(greenlet, 1).has_value());
}

TEST_CASE("a call that ends before those within it leaves them where they are") {
  Lanes lanes;
  for (const std::uint64_t id : {1, 2, 3}) lanes.enter(lane, call(id));
  CHECK(level_left(lanes, 1) == 0);
  CHECK(level_left(lanes, 2) == 1);
  lanes.enter(lane, call(4));
  CHECK(level_left(lanes, 4) == 3);
  CHECK(level_left(lanes, 3) == 2);
  lanes.enter(lane, call(5));
  CHECK(level_left(lanes, 5) == 0);
}

TEST_CASE("a call ends once, and one that never began does not") {
  Lanes lanes;
  lanes.enter(lane, call(1));
  lanes.enter(lane, call(2));
  CHECK(level_left(lanes, 9) == -1);
  CHECK(level_left(lanes, 1) == 0);
  CHECK(level_left(lanes, 1) == -1);
  CHECK(level_left(lanes, 2) == 1);
  CHECK(level_left(lanes, 2) == -1);
}

TEST_CASE(
    "a hundred thousand calls that end outermost first take no longer than the other way round") {
  Lanes lanes;
  constexpr std::uint64_t many = 100'000;
  for (std::uint64_t id = 1; id <= many; ++id) lanes.enter(lane, call(id));
  for (std::uint64_t id = 1; id <= many; ++id)
    REQUIRE(level_left(lanes, id) == static_cast<int>(id) - 1);
  CHECK(lanes.open() == 0);
}

TEST_CASE("what somebody told of ends with him, innermost first, and nothing else") {
  Lanes lanes;
  const int me = 0;
  const int other = 0;
  lanes.enter(lane, call(1, &me));
  lanes.enter(lane, call(2, &other));
  lanes.enter(lane, call(3, &me));
  std::vector<std::uint64_t> closed;
  for (const auto& placed : lanes.close(&me)) closed.push_back(placed.call.id);
  CHECK(closed == std::vector<std::uint64_t>{3, 1});
  CHECK(lanes.open() == 1);
  CHECK(level_left(lanes, 2) == 1);
}

TEST_CASE("calls that have been open for long are told of once") {
  Lanes lanes;
  lanes.enter(lane, call(1, nullptr, 1s));
  lanes.enter(lane, call(2, nullptr, 3s));
  CHECK(lanes.take_begun_before(Instant(2s)).size() == 1);
  CHECK(lanes.take_begun_before(Instant(2s)).empty());
  CHECK(lanes.take_begun_before(Instant(4s)).size() == 1);
  lanes.leave(lane, 2);
  lanes.enter(lane, call(3, nullptr, 3s));
  CHECK(lanes.take_begun_before(Instant(4s)).front().call.id == 3);
}

TEST_CASE("spans lie within the one they were begun in, or side by side") {
  Lanes lanes;
  lanes.enter_within(lane, call(1), 0);
  lanes.enter_within(lane, call(2), 1);
  lanes.enter_within(lane, call(3), 1);  // beside the second
  lanes.enter_within(lane, call(4), 3);
  const auto fourth = lanes.leave(lane, 4);
  REQUIRE(fourth.has_value());
  CHECK(name_of(fourth->lane) == "t7.k1");
  CHECK(fourth->call.level == 1);
  CHECK(name_of(lanes.leave(lane, 3)->lane) == "t7.k1");
  const auto second = lanes.leave(lane, 2);
  CHECK(second->lane == lane);
  CHECK(second->call.level == 1);
}

TEST_CASE("lanes are named after thread, greenlet and task") {
  CHECK(name_of({12, wire::LaneKind::thread, 0}) == "t12");
  CHECK(name_of({12, wire::LaneKind::greenlet, 3}) == "t12.g3");
  CHECK(name_of({12, wire::LaneKind::task, 4}) == "t12.k4");
}
