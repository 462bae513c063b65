#include "mprofpp/analysis/spans.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "mprofpp/dat/lane.hpp"
#include "support/made_up.hpp"

using namespace mprofpp;
using namespace mprofpp::analysis;
using test::after;
using test::call;

namespace {

Grid grid_of(double seconds, std::size_t columns = 1000) {
  return {after(0), after(0), after(seconds), columns, Grid::Outside::widen};
}

model::Call without_level(const std::string& name, double from, double to) {
  auto made = call(name, from, to, 0);
  made.level.reset();
  return made;
}

/// Returns the only span of that function.
Span only(const Spans& all, const std::string& name) {
  const Span* found = nullptr;
  for (const auto& span : all.spans) {
    if (all.functions[span.function].name != name) continue;
    CHECK_MESSAGE(found == nullptr, "several spans of ", name);
    found = &span;
  }
  REQUIRE_MESSAGE(found != nullptr, "no span of ", name);
  return *found;
}

}  // namespace

TEST_CASE("the level of a call is its row") {
  SpanFold fold(grid_of(10), 1000);
  fold.add(call("inner", 2, 3, 1));
  fold.add(call("outer", 1, 4, 0));
  const auto all = fold.finish(10);
  CHECK(only(all, "outer").row == 0);
  CHECK(only(all, "inner").row == 1);
  REQUIRE(all.lanes.size() == 1);
  CHECK(all.lanes[0].rows == 2);
}

TEST_CASE("calls in old files get their row by nesting") {
  SpanFold fold(grid_of(10), 1000);
  fold.add(without_level("leaf", 2.2, 2.8));
  fold.add(without_level("inner", 2, 3));
  fold.add(without_level("second", 4, 5));
  fold.add(without_level("outer", 1, 6));
  fold.add(without_level("next", 7, 8));
  const auto all = fold.finish(10);
  CHECK(only(all, "outer").row == 0);
  CHECK(only(all, "inner").row == 1);
  CHECK(only(all, "leaf").row == 2);
  CHECK(only(all, "second").row == 1);
  CHECK(only(all, "next").row == 0);
}

TEST_CASE("calls that overlap on one level do not cover each other") {
  SpanFold fold(grid_of(10), 1000);
  fold.add(call("a", 1, 5, 0));
  fold.add(call("b", 3, 7, 0));
  const auto all = fold.finish(10);
  CHECK(only(all, "a").row != only(all, "b").row);
}

TEST_CASE("every lane of every process has rows of its own") {
  SpanFold fold(grid_of(10), 1000);
  for (const auto& lane : {"t1", "t1.g1", "t1.k1"}) {
    for (const pid_t pid : {1, 2}) {
      auto made = call("f", 1, 5, 0);
      made.pid = pid;
      made.lane = dat::to_lane(lane);
      fold.add(made);
    }
  }
  const auto all = fold.finish(10);
  CHECK(all.lanes.size() == 6);
  for (const auto& span : all.spans) CHECK(span.row == 0);
}

TEST_CASE("a hundred thousand short calls become one span per column, and all are counted") {
  SpanFold fold(grid_of(100, 500), 60'000);
  for (int i = 0; i < 100'000; ++i) fold.add(call("f", i * 0.001, i * 0.001 + 0.0005, 0));
  const auto all = fold.finish(100);
  CHECK(all.spans.size() <= 500);
  REQUIRE(all.functions.size() == 1);
  CHECK(all.functions[0].calls == 100'000);
  CHECK(all.functions[0].seconds == doctest::Approx(50).epsilon(0.01));
  std::uint64_t drawn = 0;
  for (const auto& span : all.spans) drawn += span.calls;
  CHECK(drawn == 100'000);
}

TEST_CASE("if several functions share a column, it is named after the one with the most time") {
  SpanFold fold(grid_of(100, 50), 60'000);
  for (int i = 0; i < 10'000; ++i) {
    fold.add(call("busy", i * 0.01, i * 0.01 + 0.006, 0));
    fold.add(call("idle", i * 0.01 + 0.006, i * 0.01 + 0.009, 0));
  }
  const auto all = fold.finish(100);
  for (const auto& span : all.spans) {
    CHECK(all.functions[span.function].name == "busy");
    CHECK(span.is_mixed);
  }
  for (std::size_t i = 1; i < all.spans.size(); ++i)
    CHECK(all.spans[i].begin >= all.spans[i - 1].end);
  CHECK(all.functions[1].calls == 10'000);
}

TEST_CASE("more spans than the limit are merged, the shortest first") {
  SpanFold fold(grid_of(1000, 100'000), 500);
  for (int i = 0; i < 5000; ++i) fold.add(call("short", i * 0.1, i * 0.1 + 0.05, 1));
  fold.add(call("long", 0, 600, 0));
  const auto all = fold.finish(1000);
  CHECK(all.spans.size() <= 501);
  CHECK(only(all, "long").calls == 1);
  CHECK(all.functions[0].calls == 5000);
}

TEST_CASE("an open call that ends later is one call") {
  SpanFold fold(grid_of(10), 1000);
  fold.add(model::OpenCall{after(1), 5, dat::to_lane("t5"), 0, 1.0, "f"});
  fold.add(model::OpenCall{after(2), 5, dat::to_lane("t5"), 1, 1.0, "g"});
  auto ended = call("f", 1, 8, 0);
  ended.pid = 5;
  ended.lane = dat::to_lane("t5");
  fold.add(ended);
  const auto all = fold.finish(9.5);
  CHECK(all.spans.size() == 2);
  CHECK_FALSE(only(all, "f").is_open);
  CHECK(only(all, "g").is_open);
  CHECK(only(all, "g").end == 9.5);
}

TEST_CASE("a group of calls counts as many calls as it has") {
  SpanFold fold(grid_of(10), 1000);
  fold.add(
      model::CallGroup{"f", 1, dat::to_lane("t1"), 2, after(1), after(5), 400, 0.5, 1, 2, 8.0});
  const auto all = fold.finish(10);
  const auto span = only(all, "f");
  CHECK(span.calls == 400);
  CHECK(span.row == 2);
  CHECK(span.busy == 0.5);
  CHECK(all.functions[0].calls == 400);
  CHECK(all.functions[0].seconds == 0.5);
}

TEST_CASE("the growth of a span is that of its process if that is known") {
  SpanFold fold(grid_of(10), 1000);
  auto own = call("own", 1, 3, 0);
  own.rss_in = 5;
  own.rss_out = 45;
  fold.add(own);
  fold.add(call("line", 4, 6, 0));
  const auto all = fold.finish(10);
  CHECK(only(all, "own").growth == 40);
  CHECK(only(all, "line").growth == 10);
  CHECK(all.functions[0].largest_growth == 40);
}

TEST_CASE("a window does not count calls outside it and keeps those that reach into it") {
  Grid grid{after(0), after(10), after(20), 100, Grid::Outside::cut};
  SpanFold fold(grid, 1000);
  fold.add(call("before", 1, 5, 0));
  fold.add(call("across", 8, 12, 0));
  fold.add(call("behind", 25, 26, 0));
  const auto all = fold.finish(20);
  REQUIRE(all.functions.size() == 1);
  CHECK(all.functions[0].name == "across");
}

TEST_CASE("a function recorded as a place in a file has the name written at the end") {
  SpanFold fold(grid_of(10), 100);
  fold.add(call("libx.so+0x10", 1, 2, 0));
  fold.add(call("other", 3, 4, 0));
  fold.add(model::Settings{.late_names = {{"libx.so+0x10", "app::load"}}});
  const auto all = fold.finish(10);
  CHECK(only(all, "app::load").begin == 1);
  CHECK(only(all, "other").begin == 3);
  CHECK(all.functions.size() == 2);
}

TEST_CASE("two places that turn out to be one function are counted together") {
  SpanFold fold(grid_of(1000, 10), 100);
  fold.add(call("libx.so+0x10", 1, 2, 0));
  fold.add(call("libx.so+0x20", 3, 4, 0));
  fold.add(call("app::load", 200, 500, 0));
  fold.add(model::Settings{.late_names = {{"libx.so+0x10", "app::load"}}});
  fold.add(model::Settings{.late_names = {{"libx.so+0x20", "app::load"}}});
  const auto all = fold.finish(1000);
  REQUIRE(all.functions.size() == 1);
  CHECK(all.functions[0].calls == 3);
  CHECK(all.functions[0].seconds == doctest::Approx(302));
  REQUIRE(all.spans.size() == 2);
  CHECK(all.spans[0].calls == 2);
  CHECK_FALSE(all.spans[0].is_mixed);
}

namespace {

model::CallGroup group(const std::string& name, double from, double to, double seconds) {
  model::CallGroup made;
  made.name = name;
  made.pid = 1;
  made.lane = dat::to_lane("t1");
  made.t_from = after(from);
  made.t_to = after(to);
  made.count = 100;
  made.seconds = seconds;
  return made;
}

}  // namespace

TEST_CASE("groups of one second that took turns are one span, named after the busiest") {
  SpanFold fold(grid_of(10), 1000);
  fold.add(group("seldom", 1.0, 1.9, 0.1));
  fold.add(group("often", 1.1, 1.95, 0.5));
  fold.add(group("rest", 1.05, 1.99, 0.3));
  fold.add(group("next", 1.989, 2.9, 0.5));
  const auto all = fold.finish(10);
  REQUIRE(all.spans.size() == 2);
  const auto mixed = only(all, "often");
  CHECK(mixed.is_mixed);
  CHECK(mixed.calls == 300);
  CHECK(mixed.begin == 1.0);
  CHECK(mixed.end == 1.99);
  CHECK(mixed.busy == doctest::Approx(0.9));
  CHECK_FALSE(only(all, "next").is_mixed);
  CHECK(all.functions.size() == 4);
}

TEST_CASE("a title is a span in a lane of its own until the next title or the process exits") {
  SpanFold fold(grid_of(10), 1000);
  fold.add(model::Title{7, after(1), "test_a"});
  fold.add(model::Title{7, after(3), "test_b"});
  fold.add(model::Title{8, after(4), "idle"});
  fold.end_title(7, after(6));
  const auto all = fold.finish(10);
  REQUIRE(all.lanes.size() == 2);
  CHECK(all.lanes[0].content == Lane::Content::titles);
  CHECK(all.lanes[0].rows == 1);
  CHECK(only(all, "test_a").end == 3);
  CHECK(only(all, "test_b").begin == 3);
  CHECK(only(all, "test_b").end == 6);
  CHECK(only(all, "idle").end == 10);
}
