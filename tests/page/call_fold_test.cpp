#include "mprofpp/page/call_fold.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

using namespace mprofpp;
using namespace mprofpp::page;
using std::chrono::milliseconds;

namespace {

Instant at(int ms) {
  return Instant(std::chrono::seconds(1000)) + milliseconds(ms);
}

analysis::Grid grid() {
  return {.origin = at(0), .begin = at(0), .end = at(10'000)};
}

model::Call call(const std::string& name, int from, int to, double grown = 0) {
  model::Call call;
  call.name = name;
  call.t_in = at(from);
  call.t_out = at(to);
  call.level = 0;
  call.pid = 7;
  call.rss_in = 10;
  call.rss_out = 10 + grown;
  return call;
}

model::OpenCall open_call(const std::string& name, int from, int level) {
  model::OpenCall call;
  call.t_in = at(from);
  call.pid = 7;
  call.level = level;
  call.name = name;
  return call;
}

model::Process process(std::uint64_t start) {
  model::Process process;
  process.id = {7, start};
  return process;
}

}  // namespace

TEST_CASE("calls come in the order of their starts, longer ones first") {
  CallFold fold(grid());
  fold.take(call("late", 500, 600));
  fold.take(call("inner", 100, 200));
  fold.take(call("outer", 100, 400));
  const auto calls = fold.finish(10);
  REQUIRE(calls.calls.size() == 3);
  const auto name = [&](std::size_t i) { return calls.functions[calls.calls[i].function]; };
  CHECK(name(0) == "outer");
  CHECK(name(1) == "inner");
  CHECK(name(2) == "late");
  CHECK(calls.calls[1].level == 1);  // the row of its level is taken
  CHECK(calls.lanes.front().levels == 2);
}

TEST_CASE("the longest calls and those that grew most stay, and the others are counted") {
  CallFold fold(grid(), 10);
  fold.take(call("long", 0, 9000));
  fold.take(call("grows", 9000, 9001, 50));
  for (int i = 0; i < 1000; ++i) fold.take(call("short", i * 9, i * 9 + 1 + i % 3, 0.01));
  auto calls = fold.finish(10);
  calls.keep(4);
  const auto has = [&](const std::string& name) {
    return std::any_of(calls.calls.begin(), calls.calls.end(), [&](const PageCall& kept) {
      return calls.functions[kept.function] == name;
    });
  };
  CHECK(calls.calls.size() == 4);
  CHECK(has("long"));
  CHECK(has("grows"));
  CHECK(calls.lanes.front().left_out == 998);
}

TEST_CASE("a call that has not ended lasts until the end") {
  CallFold fold(grid());
  fold.take(open_call("main", 100, 0));
  fold.take(open_call("done", 200, 1));
  auto ended = call("done", 200, 300);
  ended.level = 1;
  fold.take(ended);
  const auto calls = fold.finish(10);
  REQUIRE(calls.calls.size() == 2);
  CHECK(calls.calls[0].flags == PageCall::open);
  CHECK(calls.calls[0].end == 10);
  CHECK(calls.calls[1].flags == 0);
}

TEST_CASE("a process that gets the pid of another one has lanes of its own") {
  CallFold fold(grid());
  fold.take(process(1));
  fold.take(call("a", 0, 1));
  fold.take(process(2));
  fold.take(call("a", 6, 7));
  const auto calls = fold.finish(10);
  REQUIRE(calls.lanes.size() == 2);
  CHECK(calls.lanes[0].process == model::ProcessId{7, 1});
  CHECK(calls.lanes[1].process == model::ProcessId{7, 2});
}

TEST_CASE("the growth of a call is known as far as its readings are") {
  CallFold fold(grid());
  auto unread = call("unread", 0, 1);
  unread.rss_out.reset();
  fold.take(unread);
  fold.take(call("read", 2, 3, 2.5));
  const auto calls = fold.finish(10);
  CHECK(calls.calls[0].growth() == 0);
  CHECK(std::isnan(calls.calls[0].rss_out));
  CHECK(calls.calls[1].growth() == 2.5);
}

TEST_CASE("a level that no program has uses no memory") {
  CallFold fold(grid());
  auto deep = call("deep", 0, 1);
  deep.level = 2'000'000'000;
  fold.take(deep);
  CHECK(fold.finish(10).calls.front().level <= 10'000);
}

TEST_CASE(
    "calls that were open and ended are there once, however many were open at the same time") {
  constexpr int many = 30'000;
  CallFold fold(grid());
  for (int i = 0; i < many; ++i) fold.take(open_call("work", i % 1000, 0));
  for (int i = 0; i < many; ++i) fold.take(call("work", i % 1000, 5000 + i % 1000));
  const auto calls = fold.finish(10);
  CHECK(calls.calls.size() == many);
  CHECK(std::none_of(calls.calls.begin(), calls.calls.end(),
                     [](const PageCall& call) { return call.flags == PageCall::open; }));
  CHECK(calls.lanes.front().left_out == 0);
}

TEST_CASE("open calls that are too many are counted in their lane") {
  CallFold fold(grid());
  for (int i = 0; i < 10'500; ++i) fold.take(open_call("work", i % 1000, 0));
  fold.take(call("work", 1500, 1505));  // so short that it was never open
  auto calls = fold.finish(10);
  CHECK(calls.calls.size() == 10'001);
  CHECK(calls.lanes.front().left_out == 500);
}
