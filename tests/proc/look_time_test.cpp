#include "mprofpp/proc/look_time.hpp"

#include <doctest/doctest.h>

using namespace mprofpp;
using proc::LookTime;
using namespace std::chrono_literals;

namespace {

/// Returns true if it ends although this process does nothing but ask.
bool ends(const LookTime& time, std::chrono::seconds patience) {
  const auto begin = LookTime::Clock::now();
  while (LookTime::Clock::now() < begin + patience) {
    if (time.is_over()) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("looks end before the next tick is due, or after a quarter of the interval") {
  const auto now = LookTime::Clock::now();
  CHECK(ends(LookTime(1h, now + 6min + 50ms), 60s));
  CHECK(ends(LookTime(40ms, now + 1h), 60s));
  CHECK_FALSE(LookTime(1h, now + 1h).is_over());
}

TEST_CASE("a tick that is late anyway gets its quarter of the interval") {
  CHECK_FALSE(LookTime(1h, LookTime::Clock::now() - 1h).is_over());
}

TEST_CASE("without an interval there is no time") {
  CHECK(LookTime(0ms, LookTime::Clock::time_point::max()).is_over());
}
