#include "mprofpp/mark/grouping.hpp"

#include <doctest/doctest.h>

#include "made_up_image.hpp"

using namespace mprofpp;
using test::enter;
using test::leave;
using test::Program;
using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t second = 1'000'000;  // microseconds

/// Makes `count` calls of that length, `gap` microseconds apart.
void call(Program& program, std::uint64_t from, int count, std::uint64_t gap,
          std::uint64_t length) {
  static std::uint64_t id = 0;
  for (int i = 0; i < count; ++i, from += gap) {
    ++id;
    program.write(enter(id, from), leave(id, from + length));
  }
}

std::uint64_t grouped(const Program& program) {
  std::uint64_t count = 0;
  for (const auto& group : program.out.of<model::CallGroup>()) count += group.count;
  return count;
}

}  // namespace

TEST_CASE("short calls are written individually until there are more than a hundred a second") {
  Program program;
  call(program, 10 * second, 1000, 100, 10);
  program.image.end(Instant(20s));
  CHECK(program.calls().size() == 100);
  CHECK(grouped(program) == 900);
}

TEST_CASE("after a busy second the next one is grouped from its start") {
  Program program;
  call(program, 10 * second, 5000, 400, 10);
  program.image.end(Instant(20s));
  CHECK(program.calls().size() == 100);
  CHECK(program.out.of<model::CallGroup>().size() == 2);
  CHECK(grouped(program) == 4900);
}

TEST_CASE("a hundred calls a second are not grouped") {
  Program program;
  call(program, 10 * second, 300, 10'000, 10);
  program.image.end(Instant(20s));
  CHECK(program.calls().size() == 300);
}

TEST_CASE("calls of a millisecond are written individually, however many there are") {
  Program program;
  call(program, 10 * second, 500, 2000, 1000);
  program.image.end(Instant(20s));
  CHECK(program.calls().size() == 500);
}

TEST_CASE("the length of a short call is configurable, and grouping can be disabled") {
  Program longer({.shortest = 5ms});
  call(longer, 10 * second, 500, 2000, 1000);
  longer.image.end(Instant(20s));
  CHECK(grouped(longer) == 400);
  Program all({.shortest = std::nullopt});
  call(all, 10 * second, 5000, 100, 10);
  all.image.end(Instant(20s));
  CHECK(all.calls().size() == 5000);
}

TEST_CASE("a group has the number of calls, their length and their effect on memory") {
  Program program({.busy = 0});
  auto end = leave(1, 10);
  end.rss = 5 << 20;
  program.write(enter(1, 0), end, enter(2, 20), leave(2, 50));
  program.image.end(Instant(1s));
  const auto groups = program.out.of<model::CallGroup>();
  REQUIRE(groups.size() == 1);
  const model::LaneId lane{7, model::LaneId::Kind::thread, 0};
  const model::CallGroup expected{"a", 42, lane, 0, Instant(0us), Instant(50us), 2, 40e-6, 1, 5, 4};
  CHECK(groups.front().seconds == doctest::Approx(40e-6));
  auto group = groups.front();
  group.seconds = expected.seconds;
  CHECK(group == expected);
}

TEST_CASE("a group counts only the time in which a coroutine ran, and its growth in that time") {
  Program program({.busy = 0});
  auto end = leave(1, 900);
  end.rss = 50 << 20;
  end.active = 30'000;
  end.what = 2 << 20;
  program.write(enter(1, 0), end);
  program.image.end(Instant(1s));
  const auto group = program.out.of<model::CallGroup>().front();
  CHECK(group.seconds == doctest::Approx(30e-6));
  CHECK(group.growth == 2);
}

TEST_CASE("each level has its own groups, and calls are counted over all levels") {
  Program program;
  for (std::uint64_t i = 0; i < 200; ++i) {
    program.write(enter(2 * i + 1, i), enter(2 * i + 2, i), leave(2 * i + 2, i),
                  leave(2 * i + 1, i));
  }
  program.image.end(Instant(1s));
  CHECK(program.calls().size() == 100);
  CHECK(program.out.of<model::CallGroup>().size() == 2);
  CHECK(grouped(program) == 300);
}

TEST_CASE("a group is written when its second is over, not only at the end") {
  Program program({.busy = 0});
  call(program, 10 * second, 5, 100, 10);
  program.image.write_due(Instant(10500ms));
  CHECK(grouped(program) == 0);
  program.image.write_due(Instant(11s));
  CHECK(grouped(program) == 5);
}
