#include "mprofpp/mark/lanes.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace mprofpp;
using namespace mprofpp::mark;
using namespace std::chrono_literals;

namespace {

const LaneId lane{7, LaneId::Kind::thread, 0};

OpenCall call(std::uint64_t id, const void* source = nullptr, Duration since = {}) {
  OpenCall made;
  made.id = id;
  made.in.t = Instant(since);
  made.source = source;
  return made;
}

int level_left(Lanes& lanes, std::uint64_t id) {
  const auto left = lanes.leave(lane, id);
  return left ? left->call.level : -1;
}

}  // namespace

TEST_CASE("the level of a call is the number of calls around it") {
  Lanes lanes;
  for (const std::uint64_t id : {1, 2, 3}) lanes.enter(lane, call(id));
  CHECK(level_left(lanes, 3) == 2);
  lanes.enter(lane, call(4));
  CHECK(level_left(lanes, 4) == 2);
  CHECK(level_left(lanes, 2) == 1);
  CHECK(level_left(lanes, 1) == 0);
  CHECK(lanes.open() == 0);
}

TEST_CASE("lanes are independent of each other") {
  Lanes lanes;
  const LaneId greenlet{7, LaneId::Kind::greenlet, 1};
  lanes.enter(lane, call(1));
  lanes.enter(greenlet, call(2));
  CHECK(lanes.leave(greenlet, 2)->call.level == 0);
  CHECK_FALSE(lanes.leave(greenlet, 1).has_value());
}

TEST_CASE("a call that ends before the calls within it does not change their levels") {
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

TEST_CASE("a call ends once, and a call that never started does not end") {
  Lanes lanes;
  lanes.enter(lane, call(1));
  lanes.enter(lane, call(2));
  CHECK(level_left(lanes, 9) == -1);
  CHECK(level_left(lanes, 1) == 0);
  CHECK(level_left(lanes, 1) == -1);
  CHECK(level_left(lanes, 2) == 1);
  CHECK(level_left(lanes, 2) == -1);
}

TEST_CASE("a hundred thousand calls may end outermost first in no more time than innermost first") {
  Lanes lanes;
  constexpr std::uint64_t many = 100'000;
  for (std::uint64_t id = 1; id <= many; ++id) lanes.enter(lane, call(id));
  for (std::uint64_t id = 1; id <= many; ++id)
    REQUIRE(level_left(lanes, id) == static_cast<int>(id) - 1);
  CHECK(lanes.open() == 0);
}

TEST_CASE("closing a source ends its own calls only, the innermost first") {
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

TEST_CASE("calls that have been open for long are returned once") {
  Lanes lanes;
  lanes.enter(lane, call(1, nullptr, 1s));
  lanes.enter(lane, call(2, nullptr, 3s));
  CHECK(lanes.next_begun_before(Instant(2s)).size() == 1);
  CHECK(lanes.next_begun_before(Instant(2s)).empty());
  CHECK(lanes.next_begun_before(Instant(4s)).size() == 1);
  lanes.leave(lane, 2);
  lanes.enter(lane, call(3, nullptr, 3s));
  CHECK(lanes.next_begun_before(Instant(4s)).front().call.id == 3);
}

TEST_CASE("spans lie within the span in which they were started, or side by side") {
  Lanes lanes;
  const LaneId next_to_it{7, LaneId::Kind::task, 1};
  lanes.enter_within(lane, call(1), 0);
  lanes.enter_within(lane, call(2), 1);
  lanes.enter_within(lane, call(3), 1);  // next to the second
  lanes.enter_within(lane, call(4), 3);
  const auto fourth = lanes.leave(lane, 4);
  REQUIRE(fourth.has_value());
  CHECK(fourth->lane == next_to_it);
  CHECK(fourth->call.level == 1);
  CHECK(lanes.leave(lane, 3)->lane == next_to_it);
  const auto second = lanes.leave(lane, 2);
  CHECK(second->lane == lane);
  CHECK(second->call.level == 1);
}
