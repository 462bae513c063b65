#include "mprofpp/analysis/function_peak.hpp"

#include <doctest/doctest.h>

#include <utility>

#include "mprofpp/analysis/function_names.hpp"

using namespace mprofpp;
using namespace mprofpp::analysis;
using namespace std::chrono_literals;

namespace {

Instant at(double seconds) {
  return instant_from_seconds(1000 + seconds).value();
}

model::Call call(const std::string& name, double from, double to) {
  model::Call c;
  c.name = name;
  c.t_in = at(from);
  c.t_out = at(to);
  c.mib_in = 20;
  c.mib_out = 25;
  return c;
}

}  // namespace

TEST_CASE("each of several functions has its own calls and peak") {
  FunctionCallsFold calls_fold({"g", "f"});
  calls_fold.take(call("f", 1, 2));
  calls_fold.take(call("g", 1, 6));
  calls_fold.take(call("f", 3, 4));
  const auto calls = calls_fold.finish();
  REQUIRE(calls.size() == 2);
  CHECK(calls[0].calls == 1);
  CHECK(calls[1].calls == 2);
  FunctionPeakFold fold(calls);
  fold.take(model::Sample{7, at(3.5)});
  fold.take(model::Sample{9, at(5)});
  const auto sampled = fold.finish();
  CHECK(sampled[0]->highest.mib == 9);
  CHECK(sampled[1]->highest.mib == 7);
}

TEST_CASE("each period of ten thousand samples has its own highest, the first of equal ones") {
  const auto value_at = [](int i) {
    const bool is_peak = i == 1500 || i == 9000;
    return static_cast<double>(is_peak ? i : i * 7919 % 1000 / 10);
  };
  const std::vector<std::string> functions = {"begin",  "middle",  "long",
                                              "longer", "between", "all"};
  const std::vector<std::pair<int, int>> periods = {{0, 5},       {1023, 1024}, {1000, 8200},
                                                    {1000, 9300}, {3, 3},       {0, 9999}};
  FunctionCallsFold calls_fold(functions);
  for (std::size_t i = 0; i < functions.size(); ++i) {
    calls_fold.take(call(functions[i], periods[i].first, periods[i].second));
  }
  const auto calls = calls_fold.finish();
  FunctionPeakFold fold(calls);
  for (int i = 9999; i >= 0; --i) fold.take(model::Sample{value_at(i), at(i)});  // in any order
  const auto sampled = fold.finish();
  for (std::size_t i = 0; i < functions.size(); ++i) {
    auto expected = periods[i].first;
    for (int at = expected; at <= periods[i].second; ++at) {
      if (value_at(at) > value_at(expected)) expected = at;
    }
    CAPTURE(functions[i]);
    CHECK(sampled[i]->highest.mib == value_at(expected));
    CHECK(sampled[i]->highest.t == at(expected));
  }
}

TEST_CASE("calls are counted, and their periods are joined if they overlap") {
  FunctionCallsFold fold({"f"});
  fold.take(call("f", 5, 6));
  fold.take(call("f", 1, 3));
  fold.take(call("g", 0, 9));
  fold.take(call("f", 2, 4));
  const auto calls = fold.finish().front();
  CHECK(calls.calls == 3);
  CHECK(calls.seconds == doctest::Approx(5));
  const auto& periods = calls.periods.at(0);
  REQUIRE(periods.size() == 2);
  CHECK(periods[0].begin == at(1));
  CHECK(periods[0].end == at(4));
  CHECK(calls.entry->mib == 20);
  CHECK(calls.exit->mib == 25);
  CHECK(calls.largest_growth == 5);
}

TEST_CASE("growth is the process's own if that is known") {
  auto worker = call("f", 1, 2);
  worker.rss_in = 10;
  worker.rss_out = 7;
  FunctionCallsFold fold({"f"});
  fold.take(worker);
  CHECK(fold.finish().front().largest_growth == -3);
}

TEST_CASE("the memory that all calls added is known as well as the growth of one") {
  FunctionCallsFold fold({"f"});
  fold.take(call("f", 1, 2));
  const auto calls = fold.finish().front();
  CHECK(calls.largest_growth == 5);
  CHECK(calls.added == Added{5});
}

TEST_CASE("a group of short calls counts as many calls as it has") {
  model::CallGroup group;
  group.name = "f";
  group.count = 900;
  group.seconds = 0.5;
  group.t_from = at(1);
  group.t_to = at(2);
  FunctionCallsFold fold({"f"});
  fold.take(group);
  const auto calls = fold.finish().front();
  CHECK(calls.calls == 900);
  CHECK(calls.seconds == 0.5);
}

TEST_CASE("only samples inside a call count, its first and last instant included") {
  FunctionCallsFold calls_fold({"f"});
  calls_fold.take(call("f", 1, 2));
  calls_fold.take(call("f", 5, 6));
  const auto calls = calls_fold.finish();
  const auto peak_of = [&](double t) {
    FunctionPeakFold fold(calls);
    fold.take(model::Sample{7, at(t)});
    return fold.finish().front().has_value();
  };
  CHECK_FALSE(peak_of(0.9));
  CHECK(peak_of(1));
  CHECK(peak_of(2));
  CHECK_FALSE(peak_of(3));
  CHECK(peak_of(5.5));
  CHECK_FALSE(peak_of(7));
}

TEST_CASE("a function recorded as a place in a file is known by the name written at the end") {
  const model::Settings name{.late_names = {{"libx.so+0x10", "app::load"}}};
  FunctionNames gathered;
  gathered.take(call("libx.so+0x10", 1, 2));
  gathered.take(call("app::load", 3, 4));
  gathered.take(name);
  CHECK(gathered.names() == std::vector<std::string>{"app::load"});

  FunctionCallsFold fold({"app::load"}, gathered.late());
  fold.take(call("libx.so+0x10", 1, 2));
  fold.take(call("app::load", 3, 4));
  fold.take(call("other", 5, 6));
  CHECK(fold.finish().front().calls == 2);
}

TEST_CASE("a value interpolated between two samples is not a reading of the call's process") {
  auto slope = call("f", 1, 2);
  slope.pid = 8;
  slope.mib_in = 160;
  slope.mib_out = 7;
  FunctionCallsFold fold({"f"});
  fold.take(slope);
  const auto calls = fold.finish().front();
  CHECK_FALSE(calls.entry.has_value());
  CHECK_FALSE(calls.largest_growth.has_value());
}

TEST_CASE("a coroutine counts the time it ran and the growth of its process in that time") {
  auto waiting = call("f", 1, 9);
  waiting.flags = {.raised = true, .active_seconds = 0.25, .grown_mib = 1.5};
  FunctionCallsFold fold({"f"});
  fold.take(waiting);
  const auto calls = fold.finish().front();
  CHECK(calls.seconds == 0.25);
  CHECK(calls.elapsed == 8);
  CHECK(calls.largest_growth == 1.5);
}

TEST_CASE("a function's samples are those of the process that ran it") {
  auto worker = call("f", 1, 3);
  worker.pid = 8;
  auto in_root = call("g", 1, 3);
  in_root.pid = 7;
  auto stranger = call("h", 1, 3);
  stranger.pid = 9;
  FunctionCallsFold calls_fold({"f", "g", "h"});
  for (const auto& one : {worker, in_root, stranger}) calls_fold.take(one);
  const auto calls = calls_fold.finish();
  FunctionPeakFold fold(calls);
  fold.take(model::Settings{.roots = {7}});
  fold.take(model::Settings{.children = model::Children::summed_and_apart});
  fold.take(model::Sample{300, at(2)});
  fold.take(model::ChildSample{8, 100, at(2)});
  const auto sampled = fold.finish();
  CHECK(sampled[0]->highest.mib == 100);
  CHECK(sampled[0]->of == SampleOf::process);
  CHECK(sampled[1]->highest.mib == 200);
  CHECK(sampled[2]->highest.mib == 300);
  CHECK(sampled[2]->of == SampleOf::total);
}

TEST_CASE("a call during which no line was written has the value that held") {
  FunctionCallsFold calls_fold({"f", "g", "between"});
  calls_fold.take(call("f", 20, 30));
  calls_fold.take(call("g", 95, 105));
  calls_fold.take(call("between", 20.2, 20.8));
  const auto calls = calls_fold.finish();
  FunctionPeakFold fold(calls);
  fold.take(model::Sample{7, at(0)});
  fold.take(model::Held{0, 7, at(1), at(99), 99, {}});
  fold.take(model::Sample{9, at(100)});
  const auto sampled = fold.finish();
  CHECK(sampled[0]->highest.mib == 7);
  CHECK(sampled[0]->highest.t == at(20));
  CHECK(sampled[1]->highest.mib == 9);
  CHECK_FALSE(sampled[2].has_value());  // it is between two ticks
}

TEST_CASE("only samples of the window count") {
  FunctionCallsFold calls_fold({"f"});
  calls_fold.take(call("f", 0, 100));
  const auto calls = calls_fold.finish();
  FunctionPeakFold fold(calls, {at(40), at(50)});
  fold.take(model::Sample{90, at(0)});
  fold.take(model::Held{0, 70, at(1), at(49), 49, {}});
  fold.take(model::Sample{80, at(60)});
  const auto sampled = fold.finish();
  CHECK(sampled[0]->highest.mib == 70);
  CHECK(sampled[0]->highest.t == at(40));
}
