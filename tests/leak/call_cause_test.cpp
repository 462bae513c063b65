#include "mprofpp/leak/call_cause.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "mprofpp/leak/floors.hpp"
#include "mprofpp/leak/judgement.hpp"

namespace mprofpp::leak {
namespace {

using Answer = CallCause::Answer;

constexpr double start = 1000;
constexpr int length = 600;
constexpr pid_t pid = 7;

Instant at(double seconds) {
  return instant_from_seconds(start + seconds).value();
}

/// A process with one sample a second and its calls.
class Program {
 public:
  void call(const std::string& name, double second, double seconds = 0.01, double grown = 0,
            int level = 0, std::uint32_t thread = 1) {
    model::Call call;
    call.name = name;
    call.t_in = at(second);
    call.t_out = at(second + seconds);
    call.pid = pid;
    call.level = level;
    call.lane = {thread, model::LaneId::Kind::thread};
    call.rss_in = 50;
    call.rss_out = 50 + grown;
    counts_.take(call);
  }
  void group(const std::string& name, double from, double to, std::uint64_t count) {
    model::CallGroup group;
    group.name = name;
    group.pid = pid;
    group.t_from = at(from);
    group.t_to = at(to);
    group.count = count;
    group.seconds = 0.001 * static_cast<double>(count);
    counts_.take(group);
  }
  void sample(int second, double mib) { readings_.push_back({start + second, mib}); }
  CallCause cause() const {
    const auto judgement = judge(readings_, readings_.size());
    REQUIRE(judgement.verdict == Verdict::leak);
    return find_cause(counts_, pid, readings_, *judgement.stretch);
  }

 private:
  CallCounts counts_;
  Readings readings_;
};

/// Returns true in half of the minutes, so that the number of calls differs from the time.
bool is_busy(int second) {
  return second / 60 % 2 == 0;
}

/// A program that keeps `kept` MiB in each call of app.keep, which it calls in busy minutes only, and calls
/// app.other once a second.
Program program_that_keeps(double kept) {
  Program program;
  double memory = 50;
  for (int second = 0; second <= length; ++second) {
    program.sample(second, memory);
    program.call("app.other", second + 0.2);
    if (!is_busy(second)) continue;
    program.call("app.keep", second + 0.5, 0.01, kept);
    memory += kept;
  }
  return program;
}

}  // namespace

TEST_CASE(
    "the function whose number of calls explains the floors is the cause, with a rate per call") {
  const auto cause = program_that_keeps(0.25).cause();
  CHECK(cause.answer == Answer::function);
  CHECK(cause.function == "app.keep");
  REQUIRE(cause.per_call);
  CHECK(cause.per_call->low <= 0.25);
  CHECK(cause.per_call->middle == doctest::Approx(0.25).epsilon(0.01));
  CHECK(cause.per_call->high >= 0.25);
  CHECK(cause.calls > 200);
}

TEST_CASE("functions that are always called together are one group, named by the outermost") {
  Program program;
  double memory = 50;
  for (int second = 0; second <= length; ++second) {
    program.sample(second, memory);
    program.call("app.other", second + 0.2);
    if (!is_busy(second)) continue;
    program.call("app.a_store", second + 0.5, 0.01, 0.25, 1);
    program.call("app.keep", second + 0.5, 0.02, 0.25);
    memory += 0.25;
  }
  const auto cause = program.cause();
  CHECK(cause.function == "app.keep");
  CHECK(cause.with == std::vector<std::string>{"app.a_store"});
}

TEST_CASE("what single calls added does not decide: memory that one freed is taken by another") {
  Program program;
  double memory = 50;
  for (int second = 0; second <= length; ++second) {
    program.sample(second, memory);
    program.call("app.innocent", second + 0.2, 0.01, is_busy(second) ? 0.25 : 0);
    if (!is_busy(second)) continue;
    program.call("app.keep", second + 0.5, 0.01, 0);
    memory += 0.25;
  }
  CHECK(program.cause().function == "app.keep");
}

TEST_CASE("numbers of calls that rise together are refused") {
  Program program;
  for (int second = 0; second <= length; ++second) {
    program.sample(second, 50 + second * 0.25);
    program.call("app.keep", second + 0.5, 0.01, 0.125);
    for (int i = 0; i < 3; ++i) program.call("app.other", second + 0.1 * i, 0.01, 0.04);
  }
  CHECK(program.cause().answer == Answer::calls_go_together);
}

TEST_CASE("a single outermost function within which the memory grows is named without a rate") {
  Program program;
  for (int second = 0; second <= length; ++second) {
    program.sample(second, 50 + second * 0.25);
    program.call("app.handle", second + 0.5, 0.1, 0.25);
  }
  const auto cause = program.cause();
  CHECK(cause.answer == Answer::within);
  CHECK(cause.function == "app.handle");
  CHECK_FALSE(cause.per_call);
}

TEST_CASE("memory that grows while no marked function runs is outside of them") {
  Program program;
  for (int second = 0; second <= length; ++second) {
    program.sample(second, 50 + second * 0.25);
    program.call("app.handle", second + 0.5, 0.1, 0);
  }
  CHECK(program.cause().answer == Answer::outside);
}

TEST_CASE("calls of several threads at the same time are refused") {
  Program program;
  for (int second = 0; second <= length; ++second) {
    program.sample(second, 50 + second * 0.25);
    program.call("app.handle", second + 0.1, 0.8, 0.25, 0, 1);
    program.call("app.handle", second + 0.1, 0.8, 0.25, 0, 2);
  }
  CHECK(program.cause().answer == Answer::calls_overlap);
}

TEST_CASE("calls within outermost ones that have not ended are refused") {
  Program program;
  for (int second = 0; second <= length; ++second) {
    program.sample(second, 50 + second * 0.25);
    program.call("app.step", second + 0.1, 0.8, 0.25, 1);
  }
  CHECK(program.cause().answer == Answer::calls_are_open);
}

TEST_CASE("too few calls are refused") {
  Program program;
  for (int second = 0; second <= length; ++second) {
    program.sample(second, 50 + second * 0.25);
    if (second % 60 == 0) program.call("app.handle", second + 0.1, 0.8, 6);
    if (second % 50 == 0) program.call("app.other", second + 0.1, 0.1, 0);
  }
  CHECK(program.cause().answer == Answer::too_few_calls);
}

TEST_CASE("a leak of a process without calls has no function") {
  Program program;
  for (int second = 0; second <= length; ++second) program.sample(second, 50 + second * 0.25);
  CHECK(program.cause().answer == Answer::no_calls);
}

TEST_CASE("a step that interrupts the leak does not hide the function") {
  Program program;
  double memory = 50;
  for (int second = 0; second <= length; ++second) {
    if (second == 60) memory += 60;
    program.sample(second, memory);
    program.call("app.other", second + 0.2);
    const int calls = second / 60 % 2 == 0 ? 3 : 1;
    for (int i = 0; i < calls; ++i) program.call("app.keep", second + 0.5 + 0.1 * i);
    memory += 0.125 * calls;
  }
  CHECK(program.cause().function == "app.keep");
}

TEST_CASE("groups of short calls count like their calls") {
  Program program;
  double memory = 50;
  for (int second = 0; second <= length; ++second) {
    program.sample(second, memory);
    program.group("app.other", second, second + 1, 100);
    const bool busy = is_busy(second);
    program.group("app.keep", second, second + 1, busy ? 20 : 1);
    memory += busy ? 20 * 0.0125 : 0.0125;
  }
  const auto cause = program.cause();
  CHECK(cause.function == "app.keep");
  REQUIRE(cause.per_call);
  CHECK(cause.per_call->middle == doctest::Approx(0.0125).epsilon(0.02));
}

}  // namespace mprofpp::leak
