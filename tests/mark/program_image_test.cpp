#include "mprofpp/mark/program_image.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>

#include "made_up_image.hpp"

using namespace mprofpp;
using test::enter;
using test::leave;
using test::Program;
using namespace std::chrono_literals;

namespace {

Instant at(std::uint64_t microseconds) {
  return Instant(std::chrono::microseconds(microseconds));
}

}  // namespace

TEST_CASE("the start and the end of a call give its name, times, memory and lane") {
  Program program;
  auto end = leave(5, 2000);
  end.rss = 3 << 20;
  program.write(enter(5, 1000), end);
  REQUIRE(program.calls().size() == 1);
  const model::Call expected{.name = "a",
                             .mib_in = 1,
                             .t_in = at(1000),
                             .mib_out = 3,
                             .t_out = at(2000),
                             .level = 0,
                             .pid = 42,
                             .lane = {7, model::LaneId::Kind::thread, 0},
                             .rss_in = 1,
                             .rss_out = 3,
                             .flags = {}};
  CHECK(program.calls().front() == expected);
}

TEST_CASE("calls are written when they end, the inner call first and one level deeper") {
  Program program;
  program.write(enter(1, 1, 1), enter(2, 2, 2), leave(2, 3), leave(1, 4));
  const auto calls = program.calls();
  REQUIRE(calls.size() == 2);
  CHECK(calls[0].name == "b");
  CHECK(calls[0].level == 1);
  CHECK(calls[1].name == "a");
  CHECK(calls[1].level == 0);
}

TEST_CASE("flags show exceptions, reused readings, and the run time and growth of a coroutine") {
  Program program;
  auto begin = enter(1, 0);
  begin.flags = wire::reused;
  auto end = leave(1, 5'000'000);
  end.flags = wire::raised;
  end.active = 1'500'000'000;
  end.what = 3 << 20;
  program.write(begin, end);
  CHECK(program.calls().front().flags ==
        model::CallFlags{.raised = true, .reused = true, .active_seconds = 1.5, .grown_mib = 3});
}

TEST_CASE("the growth of a coroutine is left out if unknown, and negative if the process shrank") {
  Program program;
  auto end = leave(1, 5'000'000);
  end.active = 1'500'000'000;
  end.what = wire::unknown_growth;
  program.write(enter(1, 0), end);
  CHECK(program.calls().back().flags == model::CallFlags{.active_seconds = 1.5});
  end.call = 2;
  end.what = ~std::uint64_t{0} << 20;
  program.write(enter(2, 0), end);
  CHECK(program.calls().back().flags == model::CallFlags{.active_seconds = 1.5, .grown_mib = -1});
}

TEST_CASE("a coroutine that claims to have run for longer than it existed is not believed") {
  Program program;
  auto end = leave(1, 10);
  end.active = ~std::uint64_t{0};
  program.write(enter(1, 0), end);
  CHECK(program.calls().front().flags == model::CallFlags{});
}

TEST_CASE("unknown memory stays unknown") {
  Program program;
  auto begin = enter(1, 0);
  begin.rss = wire::unknown_rss;
  program.write(begin, leave(1, 1));
  CHECK_FALSE(program.calls().front().rss_in.has_value());
  CHECK(program.calls().front().mib_in == 10);
}

TEST_CASE("a call that ends before its start takes no time") {
  Program program;
  program.write(enter(1, 500), leave(1, 400));
  CHECK(program.calls().front().t_out == at(500));
}

TEST_CASE("calls that are open at the end of a program end then and are flagged") {
  Program program;
  program.write(enter(1, 100, 1), enter(2, 200, 2));
  program.image.end(at(900));
  const auto calls = program.calls();
  REQUIRE(calls.size() == 2);
  CHECK(calls[0].name == "b");
  for (const auto& call : calls) {
    CHECK(call.flags == model::CallFlags{.open = true});
    CHECK(call.t_out == at(900));
    CHECK_FALSE(call.rss_out.has_value());
  }
}

TEST_CASE("a call that has been open for a second is written once") {
  Program program;
  program.write(enter(1, 0), enter(2, 1'500'000));
  program.image.write_due(at(2'000'000));
  program.image.write_due(at(2'000'000));
  REQUIRE(program.out.of<model::OpenCall>().size() == 1);
  const model::LaneId lane{7, model::LaneId::Kind::thread, 0};
  CHECK(program.out.of<model::OpenCall>().front() == model::OpenCall{at(0), 42, lane, 0, 1, "a"});
}

TEST_CASE("calls that the process has counted are written together, second by second") {
  Program program;
  ring::ShortCalls calls;
  calls.thread = 7;
  ring::CallSum sum;
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
  program.image.add(calls, at(0));
  calls.sums[0].to = 1'900'000'000;
  program.image.add(calls, at(0));
  calls.sums[0].to = 2'100'000'000;
  program.image.add(calls, at(0));
  program.image.write_due(at(2'500'000));
  const auto groups = program.out.of<model::CallGroup>();
  REQUIRE(groups.size() == 1);
  const auto& group = groups.front();
  CHECK(group.name == "b");
  CHECK(group.lane == model::LaneId{7, model::LaneId::Kind::thread, 0});
  CHECK(group.level == 3);
  CHECK(group.count == 2000);
  CHECK(group.seconds == doctest::Approx(0.1));
  CHECK(group.growth == -4);
  CHECK((group.rss_min == 1 && group.rss_max == 5));
  CHECK((group.t_from == at(1'100'000) && group.t_to == at(1'900'000)));
  program.image.end(at(3'000'000));
  CHECK(program.out.of<model::CallGroup>().size() == 2);
}

TEST_CASE("impossible growth is limited to numbers that can be read again") {
  for (const auto growth : {INT64_MIN, INT64_MAX}) {
    Program program;
    ring::CallSum sum{};
    sum.count = 1;
    sum.growth = static_cast<std::uint64_t>(growth);
    ring::ShortCalls calls;
    calls.sums = {sum, sum, sum};
    program.image.add(calls, at(0));
    program.image.end(at(0));
    REQUIRE(program.out.of<model::CallGroup>().size() == 1);
    CHECK(std::abs(*program.out.of<model::CallGroup>().front().growth) < 0x1p43);
  }
}

TEST_CASE("pending calls that are old enough are entered before their own records arrive") {
  Program program;
  ring::ShortCalls calls;
  calls.thread = 7;
  calls.pending = {enter(1, 0, 1), enter(2, 100, 2), enter(3, 900'000, 3)};
  program.image.add(calls, at(500'000));
  program.image.write_due(at(1'500'000));
  CHECK(program.out.of<model::OpenCall>().size() == 2);
  // then the process writes them after all
  program.image.add(calls, at(500'000));
  program.write(enter(1, 0, 1), enter(2, 100, 2), enter(3, 900'000, 3), leave(3, 1'000'000));
  program.write(leave(2, 2'000'000), leave(1, 2'100'000));
  program.image.end(at(3'000'000));
  const auto ended = program.calls();
  REQUIRE(ended.size() == 3);
  CHECK((ended[0].level == 2 && ended[1].level == 1 && ended[2].level == 0));
  for (const auto& call : ended) CHECK(call.flags == model::CallFlags{});
}

TEST_CASE("a call that was written and is still pending is open once") {
  Program program;
  ring::ShortCalls calls;
  calls.pending = {enter(1, 0, 1), enter(2, 100, 2)};
  program.write(enter(1, 0, 1));
  program.image.add(calls, Instant::max());
  program.image.end(at(3'000'000));
  const auto ended = program.calls();
  REQUIRE(ended.size() == 2);
  CHECK((ended[0].name == "b" && ended[0].level == 1));
  CHECK((ended[1].name == "a" && ended[1].level == 0));
}

TEST_CASE("the end of a call that never started is ignored") {
  Program program;
  program.write(leave(1, 1), leave(2, 2));
  program.image.end(at(3));
  CHECK(program.calls().empty());
}

TEST_CASE("a point mark has the text as its name") {
  Program program;
  auto mark = test::event(wire::Kind::mark, 0, 30);
  mark.what = 3;
  program.write(mark);
  CHECK(program.out.of<model::PointMark>().front() == model::PointMark{at(30), 42, "c"});
}

TEST_CASE("a name that did not arrive is shown as lost") {
  Program program;
  program.write(enter(1, 1, 99), leave(1, 2), test::text(99, "late"), enter(2, 3, 99), leave(2, 4));
  CHECK(program.calls()[0].name == "(name lost)");
  CHECK(program.calls()[1].name == "late");
}

TEST_CASE("an unwanted function leaves no trace, and is muted once") {
  Program program({}, Selection({"0xa"}, {}));
  auto wanted = enter(1, 1, 0xA);
  auto unwanted = enter(2, 2, 0xB);
  wanted.flags = unwanted.flags = wire::address;
  auto inner = wanted;
  inner.call = 3;
  program.write(wanted, unwanted, inner, leave(3, 3), leave(2, 4), leave(1, 5));
  REQUIRE(program.calls().size() == 2);
  CHECK(program.calls()[0].level == 1);
  CHECK(program.calls()[1].name == "0xa");
  CHECK(program.image.new_filter_entries() ==
        std::vector<std::uint64_t>{0xA | wire::wanted_bit, 0xB});
  unwanted.call = 4;
  program.write(unwanted);
  CHECK(program.image.new_filter_entries().empty());
}

TEST_CASE("marks in the program's source are recorded whichever functions are wanted") {
  Program program({}, Selection({"wanted"}, {}));
  program.write(enter(1, 1), leave(1, 2));
  CHECK(program.calls().size() == 1);
}

TEST_CASE("an address in a file of code is named after its function, or after the file") {
  Program program;
  // a file that does not exist any more
  wire::Module module{};
  module.kind = wire::Kind::module;
  module.path = 7;
  module.bias = 0x1000;
  module.begin = 0x1000;
  module.end = 0x2000;
  auto begin = enter(1, 1, 0x1234);
  begin.flags = wire::address;
  program.write(test::text(7, "/gone/libx.so"), module, begin, leave(1, 2));
  CHECK(program.calls()[0].name == "libx.so+0x234");
}

TEST_CASE("a signature is shown as the name of its function") {
  Program program;
  auto begin = enter(1, 1, 8);
  begin.flags = wire::signature;
  program.write(test::text(8, "void app::load(int)"), begin, leave(1, 2));
  CHECK(program.calls()[0].name == "app::load");
}

TEST_CASE("a forked child knows the names of the calls that it inherited") {
  ring::StringTable common;
  symbols::Tables tables;
  const Selection all;
  mark::Functions parent(all, common, tables);
  parent.add(test::text(5, "of the parent"));
  mark::Functions child(all, common, tables);
  CHECK(child.of(enter(1, 1, 5)).name == "of the parent");
}

TEST_CASE("after a loss the end of a call also ends the calls within it") {
  Program program;
  program.write(enter(1, 1, 1), enter(2, 2, 2));
  program.image.note_loss();
  program.write(leave(1, 9));
  REQUIRE(program.calls().size() == 2);
  CHECK(program.calls()[0].name == "b");
  CHECK(program.calls()[0].flags == model::CallFlags{.open = true});
  CHECK(program.calls()[0].t_out == at(9));
  program.write(enter(3, 10), leave(3, 11));
  CHECK(program.calls()[2].level == 0);
}
