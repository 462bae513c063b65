#include "mprofpp/report/time_window.hpp"

#include <doctest/doctest.h>

using namespace mprofpp;
using namespace mprofpp::report;
using std::chrono::seconds;

TEST_CASE("the times of a window count from the start of the recording") {
  const Instant start{seconds(1000)};
  const auto window = window_from({seconds(5), std::nullopt}, start);
  CHECK(window.begin == Instant(seconds(1005)));
  CHECK(window.end == Instant::max());
  CHECK(window_from({std::nullopt, seconds(5)}, start).end == Instant(seconds(1005)));
}

TEST_CASE("a window without limits is the whole recording") {
  CHECK(TimeWindow{}.is_whole());
  CHECK(window_from({}, Instant(seconds(1000))).is_whole());
  CHECK_FALSE(TimeWindow{seconds(0), std::nullopt}.is_whole());
}
