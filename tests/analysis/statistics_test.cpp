#include "mprofpp/analysis/statistics.hpp"

#include <doctest/doctest.h>

#include <limits>

using namespace mprofpp;
using namespace mprofpp::analysis;

namespace {

model::Sample sample(double mib, double seconds) {
  return {mib, instant_from_seconds(1000 + seconds).value()};
}

model::Settings interval(double seconds) {
  return {.interval = duration_from_seconds(seconds)};
}

template <class... Records>
Statistics statistics(const Records&... records) {
  StatisticsFold fold(SlopeOf::all);
  (fold.take(records), ...);
  return fold.finish();
}

}  // namespace

TEST_CASE("evenly spaced samples have a mean, an end, a duration and a slope") {
  const auto all = statistics(sample(10, 0), sample(20, 1), sample(30, 2));
  CHECK(all.samples == 3);
  CHECK(all.duration == std::chrono::seconds(2));
  CHECK(all.mean_mib == 20);
  CHECK(all.end_mib == 30);
  CHECK(all.per_second == doctest::Approx(10));
}

TEST_CASE("after the interval gets longer, a sample counts for more in the mean") {
  const auto all = statistics(interval(1), sample(10, 0), interval(3), sample(30, 1));
  CHECK(all.mean_mib == 25);
}

TEST_CASE("a recording shorter than the interval has no mean and no end") {
  const auto all = statistics(interval(1), sample(10, 0), sample(10, 0.5));
  CHECK(all.samples == 2);
  CHECK_FALSE(all.mean_mib.has_value());
  CHECK_FALSE(all.end_mib.has_value());
  CHECK_FALSE(all.per_second.has_value());
}

TEST_CASE("a value that is not a number is counted as a sample and not used otherwise") {
  const auto all = statistics(sample(10, 0), sample(std::numeric_limits<double>::quiet_NaN(), 1));
  CHECK(all.samples == 2);
  CHECK(all.mean_mib == 10);
  CHECK(all.end_mib == 10);
}

TEST_CASE("without samples nothing is known") {
  const auto none = statistics(interval(0));
  CHECK(none.samples == 0);
  CHECK_FALSE(none.mean_mib.has_value());
}

TEST_CASE("readings without lines count as samples") {
  const model::Held nine{0, 10, sample(0, 1).t, sample(0, 9).t, 9, {}};
  const auto all = statistics(sample(10, 0), nine, sample(21, 10));
  CHECK(all.samples == 11);
  CHECK(all.mean_mib == 11);
  CHECK(all.duration == std::chrono::seconds(10));
  CHECK(all.end_mib == 21);
}
