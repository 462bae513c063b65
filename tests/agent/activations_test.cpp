#include "python/activations.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "recorded_process.hpp"
#include "running_lane.hpp"

using namespace mprofpp;
using agent::Place;
using agent::python::Owner;
using agent::python::Suspends;
using test::RecordedProcess;
using test::running_lane;

namespace {

// Addresses of frames and generators are even.
constexpr Owner first = 2;
constexpr Owner second = 4;

void begin(const char* name, Owner owner, Suspends suspends = Suspends::never) {
  Place place{name, 0, 0, 0};
  agent::python::begin(place, owner, suspends);
}

void end(Owner owner) {
  agent::python::end(owner, 0);
}

using agent::python::abandon;
using agent::python::is_waiting;
using agent::python::resume;
using agent::python::suspend;

/// Ends the process, which then has not exited as it should, if `is_true` is false.
void expect(bool is_true) {
  if (!is_true) ::_exit(1);
}

/// The lanes of the starts, as "name kind number".
std::vector<std::string> lanes(const RecordedProcess& process) {
  std::vector<std::string> texts;
  const auto& events = process.events();
  for (const auto& event : events) {
    if (event.kind != wire::Kind::enter) continue;
    const auto kind = event.lane_kind == wire::LaneKind::thread     ? "thread "
                      : event.lane_kind == wire::LaneKind::greenlet ? "greenlet "
                                                                    : "task ";
    texts.push_back(kind + std::to_string(event.lane));
  }
  return texts;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("functions that call one another end from the inside out") {
  const RecordedProcess process([](const std::string&) {
    begin("f", first);
    begin("g", second);
    end(second);
    end(first);
  });
  REQUIRE(process.has_exited());
  CHECK(process.story() == "+f +g -g -f");
  CHECK(lanes(process) == Texts{"thread 0", "thread 0"});
}

TEST_CASE("calls may end in any order") {
  const RecordedProcess process([](const std::string&) {
    begin("f", first);
    begin("g", second);
    end(first);
    end(second);
  });
  CHECK(process.story() == "+f +g -f -g");
}

TEST_CASE("an end without a start is ignored") {
  const RecordedProcess process([](const std::string&) {
    end(first);
    begin("f", first);
    end(second);
    end(first);
    end(first);
  });
  CHECK(process.story() == "+f -f");
}

TEST_CASE("while a generator is suspended, its caller's calls are not within it") {
  const RecordedProcess process([](const std::string&) {
    begin("gen", first, Suspends::as_generator);
    expect(!resume(first));  // has not started
    expect(!is_waiting(first));
    suspend(first);
    expect(is_waiting(first));
    begin("f", second);
    end(second);
    expect(resume(first));
    expect(!is_waiting(first));
    end(first);
  });
  REQUIRE(process.has_exited());
  CHECK(process.story() == "+gen +f -f -gen");
}

TEST_CASE("the time of a generator is the time during which it ran") {
  const RecordedProcess process([](const std::string&) {
    begin("gen", first, Suspends::as_generator);
    suspend(first);
    begin("f", second);
    end(second);
    resume(first);
    end(first);
  });
  const auto& events = process.events();
  REQUIRE(process.story() == "+gen +f -f -gen");
  const auto elapsed = events[3].time - events[0].time;
  const auto suspended_for = events[2].time - events[1].time;
  CHECK(events[3].active > 0);
  CHECK(events[3].active <= elapsed - suspended_for);
}

TEST_CASE("a generator that is not resumed ends once, when it is abandoned") {
  const RecordedProcess process([](const std::string&) {
    begin("gen", first, Suspends::as_generator);
    abandon(first);  // is running
    suspend(first);
    abandon(first);
    abandon(first);
    expect(!is_waiting(first));
    expect(!resume(first));
  });
  REQUIRE(process.has_exited());
  CHECK(process.story() == "+gen -gen");
}

TEST_CASE("a new generator at the address of a suspended one ends the old one") {
  const RecordedProcess process([](const std::string&) {
    begin("old", first, Suspends::as_generator);
    suspend(first);
    begin("new", first, Suspends::as_generator);
    end(first);
  });
  CHECK(process.story() == "+old -old +new -new");
}

TEST_CASE("greenlets that take turns have lanes of their own, and end only their own calls") {
  const RecordedProcess process([](const std::string&) {
    begin("f", first);
    running_lane().greenlet = 7;
    begin("g", first);  // the same function, whose owner is its code
    running_lane().greenlet = 0;
    end(first);
    running_lane().greenlet = 7;
    end(first);
  });
  CHECK(process.story() == "+f +g -f -g");
  CHECK(lanes(process) == Texts{"thread 0", "greenlet 7"});
}

TEST_CASE("coroutines are in the lane of their task, and so is what they call") {
  const RecordedProcess process([](const std::string&) {
    running_lane().task = 5;
    begin("a", first, Suspends::as_coroutine);
    begin("inner", second);
    end(second);
    suspend(first);
    running_lane().task = 6;
    begin("b", second, Suspends::as_coroutine);
    end(second);
    running_lane().task = 5;
    resume(first);
    end(first);
    running_lane().task = 0;
    begin("outside", first);
    end(first);
  });
  CHECK(process.story() == "+a +inner -inner +b -b -a +outside -outside");
  CHECK(lanes(process) == Texts{"task 5", "task 5", "task 6", "thread 0"});
}

TEST_CASE("a block stays open while its task is suspended, and does not enclose other tasks") {
  const RecordedProcess process([](const std::string&) {
    running_lane().task = 5;
    begin("a", first, Suspends::as_coroutine);
    const auto block = agent::python::begin_block({"block", 5});
    suspend(first);
    running_lane().task = 6;
    begin("b", second, Suspends::as_coroutine);
    end(second);
    running_lane().task = 5;
    resume(first);
    agent::python::end_block(block, 0);
    end(first);
  });
  CHECK(process.story() == "+a +block +b -b -block -a");
  CHECK(lanes(process) == Texts{"task 5", "task 5", "task 6"});
}

TEST_CASE("a moment is in the lane of the code that marks it") {
  const RecordedProcess process([](const std::string&) {
    running_lane().task = 5;
    begin("a", first, Suspends::as_coroutine);
    agent::python::mark_moment({"here", 4});
    end(first);
  });
  REQUIRE(process.story() == "+a here -a");
  CHECK(process.events()[1].lane_kind == wire::LaneKind::task);
  CHECK(process.events()[1].lane == 5);
}

TEST_CASE("without a recorder nothing happens, and a block has no number") {
  agent::python::end_block(agent::python::begin_block({"block", 5}), 0);
  CHECK(agent::python::begin_block({"block", 5}) == 0);
  begin("gen", first, Suspends::as_generator);
  suspend(first);
  CHECK(!is_waiting(first));
}
