#include "mprofpp/mark/image.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>

#include "made_up.hpp"

using namespace mprofpp;
using test::enter;
using test::leave;
using test::Told;
using namespace std::chrono_literals;

namespace {

Instant at(std::uint64_t microseconds) {
  return Instant(std::chrono::microseconds(microseconds));
}

mark::Namer letters() {
  return {{}, [](std::uint64_t address) { return address == 0xA ? "wanted" : "other"; }, {}};
}

}  // namespace

TEST_CASE("a begin and its end are a call with name, times, memory and lane") {
  Told told;
  auto end = leave(5, 2000);
  end.rss = 3 << 20;
  told.take(enter(5, 1000), end);
  REQUIRE(told.calls().size() == 1);
  const model::Call expected{.name = "a",
                             .mib_in = 1,
                             .t_in = at(1000),
                             .mib_out = 3,
                             .t_out = at(2000),
                             .level = 0,
                             .pid = 42,
                             .lane = "t7",
                             .rss_in = 1,
                             .rss_out = 3,
                             .flags = ""};
  CHECK(told.calls().front() == expected);
}

TEST_CASE("calls are told when they end, the inner one first and one level down") {
  Told told;
  told.take(enter(1, 1, 1), enter(2, 2, 2), leave(2, 3), leave(1, 4));
  const auto calls = told.calls();
  REQUIRE(calls.size() == 2);
  CHECK(calls[0].name == "b");
  CHECK(calls[0].level == 1);
  CHECK(calls[1].name == "a");
  CHECK(calls[1].level == 0);
}

TEST_CASE("flags tell of exceptions, reused readings and the time in which a coroutine ran") {
  Told told;
  auto begin = enter(1, 0);
  begin.flags = wire::reused;
  auto end = leave(1, 5'000'000);
  end.flags = wire::raised;
  end.active = 1'500'000'000;
  told.take(begin, end);
  CHECK(told.calls().front().flags == "raised,reused,active=1.500000");
}

TEST_CASE("a coroutine that claims to have run for longer than it lived is not believed") {
  Told told;
  auto end = leave(1, 10);
  end.active = ~std::uint64_t{0};
  told.take(enter(1, 0), end);
  CHECK(told.calls().front().flags.empty());
}

TEST_CASE("memory that is not known stays so") {
  Told told;
  auto begin = enter(1, 0);
  begin.rss = wire::unknown_rss;
  told.take(begin, leave(1, 1));
  CHECK_FALSE(told.calls().front().rss_in.has_value());
  CHECK(told.calls().front().mib_in == 10);
}

TEST_CASE("a call that ends before it began took no time") {
  Told told;
  told.take(enter(1, 500), leave(1, 400));
  CHECK(told.calls().front().t_out == at(500));
}

TEST_CASE("what is open at the end ends then and is flagged") {
  Told told;
  told.take(enter(1, 100, 1), enter(2, 200, 2));
  told.image.end(at(900));
  const auto calls = told.calls();
  REQUIRE(calls.size() == 2);
  CHECK(calls[0].name == "b");
  for (const auto& call : calls) {
    CHECK(call.flags == "open");
    CHECK(call.t_out == at(900));
    CHECK_FALSE(call.rss_out.has_value());
  }
}

TEST_CASE("a call that has been open for a second is told of, once") {
  Told told;
  told.take(enter(1, 0), enter(2, 1'500'000));
  told.image.tell(at(2'000'000));
  told.image.tell(at(2'000'000));
  REQUIRE(told.out.of<model::OpenCall>().size() == 1);
  CHECK(told.out.of<model::OpenCall>().front() == model::OpenCall{at(0), 42, "t7", 0, 1, "a"});
}

TEST_CASE("calls that the process has counted are told together, second by second") {
  Told told;
  mark::ShortCalls calls;
  calls.thread = 7;
  mark::CallSum sum;
  sum.what = 2;
  sum.level = 3;
  sum.count = 1000;
  sum.length = 50'000'000;
  sum.growth = static_cast<std::uint64_t>(-(std::int64_t{2} << 20));
  sum.from = 1'100'000'000;
  sum.to = 1'200'000'000;
  sum.rss_min = 1 << 20;
  sum.rss_max = 5 << 20;
  calls.sums = {sum};
  told.image.take(calls, at(0));
  calls.sums[0].to = 1'900'000'000;
  told.image.take(calls, at(0));
  calls.sums[0].to = 2'100'000'000;
  told.image.take(calls, at(0));
  told.image.tell(at(2'500'000));
  const auto groups = told.out.of<model::CallGroup>();
  REQUIRE(groups.size() == 1);
  const auto& group = groups.front();
  CHECK(group.name == "b");
  CHECK(group.lane == "t7");
  CHECK(group.level == 3);
  CHECK(group.count == 2000);
  CHECK(group.seconds == doctest::Approx(0.1));
  CHECK(group.growth == -4);
  CHECK((group.rss_min == 1 && group.rss_max == 5));
  CHECK((group.t_from == at(1'100'000) && group.t_to == at(1'900'000)));
  told.image.end(at(3'000'000));
  CHECK(told.out.of<model::CallGroup>().size() == 2);
}

TEST_CASE(
    "a program that claims to grow without bounds is told of in numbers that can be read again") {
  for (const auto growth : {INT64_MIN, INT64_MAX}) {
    Told told;
    mark::CallSum sum{};
    sum.count = 1;
    sum.growth = static_cast<std::uint64_t>(growth);
    mark::ShortCalls calls;
    calls.sums = {sum, sum, sum};
    told.image.take(calls, at(0));
    told.image.end(at(0));
    REQUIRE(told.out.of<model::CallGroup>().size() == 1);
    CHECK(std::abs(*told.out.of<model::CallGroup>().front().growth) < 0x1p43);
  }
}

TEST_CASE("of calls that the process has not told those that are old enough count as begun") {
  Told told;
  mark::ShortCalls calls;
  calls.thread = 7;
  calls.pending = {enter(1, 0, 1), enter(2, 100, 2), enter(3, 900'000, 3)};
  told.image.take(calls, at(500'000));
  told.image.tell(at(1'500'000));
  CHECK(told.out.of<model::OpenCall>().size() == 2);
  // then the process tells of them after all
  told.image.take(calls, at(500'000));
  told.take(enter(1, 0, 1), enter(2, 100, 2), enter(3, 900'000, 3), leave(3, 1'000'000));
  told.take(leave(2, 2'000'000), leave(1, 2'100'000));
  told.image.end(at(3'000'000));
  const auto ended = told.calls();
  REQUIRE(ended.size() == 3);
  CHECK((ended[0].level == 2 && ended[1].level == 1 && ended[2].level == 0));
  for (const auto& call : ended) CHECK(call.flags.empty());
}

TEST_CASE("a call that was told of and is pending still is open once") {
  Told told;
  mark::ShortCalls calls;
  calls.pending = {enter(1, 0, 1), enter(2, 100, 2)};
  told.take(enter(1, 0, 1));
  told.image.take(calls, Instant::max());
  told.image.end(at(3'000'000));
  const auto ended = told.calls();
  REQUIRE(ended.size() == 2);
  CHECK((ended[0].name == "b" && ended[0].level == 1));
  CHECK((ended[1].name == "a" && ended[1].level == 0));
}

TEST_CASE("an end without a begin is nothing") {
  Told told;
  told.take(leave(1, 1), leave(2, 2));
  told.image.end(at(3));
  CHECK(told.calls().empty());
}

TEST_CASE("a point in time has the name of its text") {
  Told told;
  auto mark = test::event(wire::Kind::mark, 0, 30);
  mark.what = 3;
  told.take(mark);
  CHECK(told.out.of<model::PointMark>().front() == model::PointMark{at(30), 42, "c"});
}

TEST_CASE("a name that did not come is said to be lost") {
  Told told;
  told.take(enter(1, 1, 99), leave(1, 2), test::text(99, "late"), enter(2, 3, 99), leave(2, 4));
  CHECK(told.calls()[0].name == "(name lost)");
  CHECK(told.calls()[1].name == "late");
}

TEST_CASE("a function that nobody wants leaves no trace, and is to be muted once") {
  Told told({}, Selection({"wanted"}, {}), letters());
  auto wanted = enter(1, 1, 0xA);
  auto unwanted = enter(2, 2, 0xB);
  wanted.flags = unwanted.flags = wire::address;
  auto inner = wanted;
  inner.call = 3;
  told.take(wanted, unwanted, inner, leave(3, 3), leave(2, 4), leave(1, 5));
  REQUIRE(told.calls().size() == 2);
  CHECK(told.calls()[0].level == 1);
  CHECK(told.calls()[1].name == "wanted");
  CHECK(told.image.take_answers() == std::vector<std::uint64_t>{0xA | wire::wanted_bit, 0xB});
  unwanted.call = 4;
  told.take(unwanted);
  CHECK(told.image.take_answers().empty());
}

TEST_CASE("marks that somebody wrote into the program are shown whatever functions are wanted") {
  Told told({}, Selection({"wanted"}, {}), letters());
  told.take(enter(1, 1), leave(1, 2));
  CHECK(told.calls().size() == 1);
}

TEST_CASE("a child knows the names of calls that it inherited") {
  mark::Texts common;
  const Selection all;
  mark::Functions parent(all, common, {});
  parent.take(test::text(5, "of the parent"));
  mark::Functions child(all, common, {});
  CHECK(child.of(enter(1, 1, 5)).name == "of the parent");
}

TEST_CASE("after a loss the end of a call is that of those within it") {
  Told told;
  told.take(enter(1, 1, 1), enter(2, 2, 2));
  told.image.note_loss();
  told.take(leave(1, 9));
  REQUIRE(told.calls().size() == 2);
  CHECK(told.calls()[0].name == "b");
  CHECK(told.calls()[0].flags == "open");
  CHECK(told.calls()[0].t_out == at(9));
  told.take(enter(3, 10), leave(3, 11));
  CHECK(told.calls()[2].level == 0);
}
