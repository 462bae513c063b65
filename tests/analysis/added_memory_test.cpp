#include "mprofpp/analysis/added_memory.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "mprofpp/dat/call_flags.hpp"
#include "mprofpp/dat/lane.hpp"

using namespace mprofpp;
using namespace mprofpp::analysis;

namespace {

Instant at(double seconds) {
  return instant_from_seconds(1000 + seconds).value();
}

struct Times {
  double begin;
  double end;
};
struct Readings {
  double in;
  double out;
};

model::Call call(const std::string& name, Times times, Readings readings, int level = 0,
                 const std::string& lane = "t1") {
  model::Call c;
  c.name = name;
  c.pid = 7;
  c.lane = dat::to_lane(lane);
  c.level = level;
  c.t_in = at(times.begin);
  c.t_out = at(times.end);
  c.rss_in = readings.in;
  c.rss_out = readings.out;
  return c;
}

model::Call suspended(const std::string& flags, Times times, const std::string& lane) {
  auto c = call("f", times, {100, 100}, 0, lane);
  c.flags = dat::to_flags(flags);
  return c;
}

model::CallGroup group(double growth, Readings range) {
  model::CallGroup g;
  g.name = "f";
  g.pid = 7;
  g.lane = dat::to_lane("t1");
  g.t_from = at(10);
  g.t_to = at(11);
  g.count = 1000;
  g.growth = growth;
  g.rss_min = range.in;
  g.rss_max = range.out;
  return g;
}

template <class... Records>
std::vector<std::optional<Added>> added(const std::vector<std::string>& functions,
                                        const Records&... records) {
  AddedMemoryFold fold(functions);
  (fold.take(records), ...);
  return fold.finish();
}

template <class... Records>
std::optional<Added> added_by_f(const Records&... records) {
  return added({"f"}, records...).front();
}

}  // namespace

TEST_CASE("memory that stays adds up from call to call") {
  CHECK(added_by_f(call("f", {1, 2}, {10, 12}), call("f", {3, 4}, {12, 14})) == Added{4});
}

TEST_CASE("a block that is freed after each call counts only once") {
  const auto sum = added_by_f(call("f", {1, 2}, {10, 13}), call("f", {3, 4}, {10, 13}),
                              call("f", {5, 6}, {10, 13}));
  CHECK(sum == Added{3});
}

TEST_CASE("a function whose memory stays is distinguished from one whose memory is freed") {
  AddedMemoryFold fold({"keeps", "frees"});
  for (int i = 0; i < 100; ++i) {
    const double t = i * 10;
    fold.take(call("keeps", {t, t + 1}, {10.0 + i, 11.0 + i}, 1));
    fold.take(call("frees", {t + 2, t + 3}, {11.0 + i, 14.0 + i}, 1));
    fold.take(call("request", {t, t + 4}, {10.0 + i, 11.0 + i}));
  }
  const auto sums = fold.finish();
  CHECK(sums[0] == Added{100});
  CHECK(sums[1] == Added{0});
}

TEST_CASE("a recursion counts once") {
  CHECK(added_by_f(call("f", {2, 3}, {11, 13}, 1), call("f", {1, 4}, {10, 14})) == Added{4});
}

TEST_CASE("a function that only frees shrinks its process, by no more than the process had") {
  CHECK(added_by_f(call("f", {1, 2}, {50, 20}), call("f", {3, 4}, {50, 20})) == Added{-30});
}

TEST_CASE("while calls of two threads are open, what each of them adds is an upper bound") {
  const auto sums =
      added({"f", "g"}, call("f", {1, 4}, {10, 30}, 0, "t1"), call("g", {2, 5}, {12, 30}, 0, "t2"));
  CHECK(sums[0] == Added{20, true});
  CHECK(sums[1] == Added{18, true});
}

TEST_CASE("calls of two threads that take turns are counted separately") {
  const auto sums =
      added({"f", "g"}, call("f", {1, 2}, {10, 30}, 0, "t1"), call("g", {2, 5}, {30, 33}, 0, "t2"));
  CHECK(sums[0] == Added{20});
  CHECK(sums[1] == Added{3});
}

TEST_CASE("a coroutine is charged with what was added while it ran") {
  auto waiting = suspended("active=0.5,grown=2.5", {1, 9}, "t1.k1");
  waiting.rss_out = 160;
  CHECK(added_by_f(waiting) == Added{2.5});
}

TEST_CASE("a coroutine whose growth while it ran is not known adds nothing") {
  CHECK_FALSE(added_by_f(suspended("active=0.5", {1, 9}, "t1.k1")).has_value());
}

TEST_CASE("a thousand coroutines together add no more than their process had") {
  AddedMemoryFold fold({"f"});
  for (int i = 0; i < 1000; ++i) {
    auto one = suspended("active=0.1,grown=5", {1, 9}, "t1.k" + std::to_string(i));
    one.rss_out = 125;
    fold.take(one);
  }
  CHECK(fold.finish().front() == Added{25, true});
}

TEST_CASE("a group of short calls adds its growth, as far as the readings of its process allow") {
  CHECK(added_by_f(group(3, {20, 24})) == Added{3});
  CHECK(added_by_f(group(900, {20, 24})) == Added{4, true});
}

TEST_CASE("processes with the same pid have memory of their own") {
  const auto born = [](std::uint64_t start) {
    model::Process process;
    process.id = {7, start};
    return process;
  };
  const auto sum =
      added_by_f(born(1), call("f", {1, 2}, {10, 40}), born(2), call("f", {5, 6}, {10, 30}));
  CHECK(sum == Added{50});
}

TEST_CASE("a call whose memory is not known adds nothing") {
  auto unknown = call("f", {1, 2}, {10, std::numeric_limits<double>::quiet_NaN()});
  CHECK_FALSE(added_by_f(unknown).has_value());
  CHECK(added_by_f(unknown, call("f", {3, 4}, {10, 12})) == Added{2});
}

TEST_CASE("the calls in a file of mprof have the memory of its only process") {
  model::Call old;
  old.name = "f";
  old.t_in = at(1);
  old.t_out = at(2);
  old.mib_in = 20;
  old.mib_out = 25;
  CHECK(added_by_f(old) == Added{5});
}

TEST_CASE("what every function added is known by name, also by a name that came late") {
  AddedMemoryFold fold(100);
  fold.take(call("libx.so+0x10", {1, 2}, {10, 12}));
  fold.take(call("g", {3, 4}, {12, 15}));
  fold.take(model::Settings{.late_names = {{"libx.so+0x10", "f"}}});
  const auto added = fold.finish_by_name();
  CHECK(added.size() == 2);
  CHECK(added.at("f") == Added{2});
  CHECK(added.at("g") == Added{3});
}

TEST_CASE("of more calls than the limit nothing is known") {
  for (const std::size_t limit : {3, 2}) {
    AddedMemoryFold fold(limit);
    for (const double t : {1.0, 3.0, 5.0}) fold.take(call("f", {t, t + 1}, {10, 12}));
    CHECK(fold.finish_by_name().empty() == (limit == 2));
  }
}
