#include "mprofpp/analysis/tick_times.hpp"

#include <doctest/doctest.h>

namespace mprofpp::analysis {
namespace {

using namespace std::chrono_literals;

Instant after(Duration time) {
  return Instant(std::chrono::hours(1)) + time;
}

TEST_CASE("a tick that comes more than six intervals late leaves a gap") {
  TickTimes ticks;
  ticks.go_on_to(after(0s));
  CHECK_FALSE(ticks.is_gap_to(after(6s), 1));
  ticks.go_on_to(after(6s));
  CHECK(ticks.is_gap_to(after(14s), 1));
}

TEST_CASE("a recorder that is always late leaves no gaps after a while") {
  TickTimes ticks;
  int gaps = 0;
  for (int tick = 1; tick <= 100; ++tick) {
    gaps += ticks.is_gap_to(after(tick * 10s), 1) ? 1 : 0;
    ticks.go_on_to(after(tick * 10s));
  }
  CHECK(gaps > 0);
  CHECK(gaps < 20);
  CHECK_FALSE(ticks.is_gap_to(after(1010s), 1));
}

TEST_CASE("ticks without lines are one step apart") {
  TickTimes ticks;
  ticks.go_on_to(after(0s));
  ticks.go_on_to(model::Held{.first = after(1s), .last = after(5s), .ticks = 5});
  CHECK(ticks.last() == after(5s));
  CHECK(ticks.before_last() == after(4s));
}

TEST_CASE("the time between two readings of a process is a gap if it is long for the recording") {
  TickTimes ticks;
  ticks.go_on_to(after(0s));
  ticks.go_on_to(after(1s));
  CHECK_FALSE(ticks.is_gap(after(0s), after(6s)));
  CHECK(ticks.is_gap(after(0s), after(7s)));
}

}  // namespace
}  // namespace mprofpp::analysis
