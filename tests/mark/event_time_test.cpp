#include "mprofpp/mark/event_time.hpp"

#include <doctest/doctest.h>

#include <limits>

using namespace mprofpp;
using mark::EventTime;
using namespace std::chrono_literals;

namespace {

constexpr Instant start(1000s);

std::uint64_t nanoseconds(EventTime::Steady::time_point t) {
  return static_cast<std::uint64_t>(t.time_since_epoch().count());
}

}  // namespace

TEST_CASE("the time of a process's event is converted to the recording's clock") {
  EventTime time(start, EventTime::Steady::time_point(100s));
  const EventTime::Steady::time_point steady(110s);
  const auto now = start + 10s;
  time.update(now, steady);
  CHECK(time.of(nanoseconds(steady)) == now);
  CHECK(time.of(nanoseconds(steady - 3s)) == now - 3s);
}

TEST_CASE("no event lies in the future or before the recording") {
  EventTime time(start, EventTime::Steady::time_point(100s));
  const EventTime::Steady::time_point steady(110s);
  time.update(start + 10s, steady);
  CHECK(time.of(nanoseconds(steady + 5s)) == start + 10s);
  CHECK(time.of(std::numeric_limits<std::uint64_t>::max()) == start + 10s);
  CHECK(time.of(0) == start);
}

TEST_CASE("an event from before a sleep of the machine stays before it") {
  EventTime time(start, EventTime::Steady::time_point(100s));
  const EventTime::Steady::time_point steady(110s);
  time.update(start + 10s, steady);
  time.update(start + 1h, steady + 1s);
  CHECK(time.of(nanoseconds(steady - 2s)) == start + 8s);
  CHECK(time.of(nanoseconds(steady + 1s)) == start + 1h);
}
