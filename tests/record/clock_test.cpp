#include "mprofpp/record/clock.hpp"

#include <doctest/doctest.h>

using mprofpp::Duration;
using mprofpp::record::SleepWatch;
using namespace std::chrono_literals;

namespace {

/// Readings of the clocks on a machine that was booted at 100 s of the steady clock and has slept for
/// `slept` since. The pauses are the times between the first, second and third reading.
SleepWatch::Clocks at(Duration steady, Duration slept, Duration first_pause = 1us,
                      Duration second_pause = 1us) {
  return {steady, steady + first_pause + slept - 100s, steady + first_pause + second_pause};
}

}  // namespace

TEST_CASE("a sleep of the machine is detected once, with its length") {
  SleepWatch watch(at(200s, 0s));
  CHECK(watch.slept(at(201s, 0s)) == 0s);
  const auto slept = watch.slept(at(202s, 90s));
  CHECK(slept > 89999ms);
  CHECK(slept <= 90s);
  CHECK(watch.slept(at(203s, 90s)) == 0s);
  CHECK(watch.slept(at(204s, 91s)) > 999ms);
}

TEST_CASE("a pause between the readings of the clocks does not count as a sleep") {
  SleepWatch watch(at(200s, 0s));
  CHECK(watch.slept(at(201s, 0s, 500ms, 1us)) == 0s);
  CHECK(watch.slept(at(202s, 0s, 1us, 500ms)) == 0s);
  CHECK(watch.slept(at(203s, 0s)) == 0s);
}

TEST_CASE("the real clocks show no sleep while this test runs") {
  SleepWatch watch(SleepWatch::read());
  for (int i = 0; i < 10'000; ++i) CHECK(watch.slept(SleepWatch::read()) == 0s);
}
