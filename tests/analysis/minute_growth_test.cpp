#include "mprofpp/analysis/minute_growth.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace mprofpp::analysis;

TEST_CASE("the growth is the difference between the means of the first and the last minute") {
  MinuteGrowth growth;
  for (int i = 0; i < 600; ++i) growth.add(i, i < 60 ? 10 + i % 2 : i < 540 ? 500 : 30 + i % 2);
  REQUIRE(growth.mib());
  CHECK(*growth.mib() == doctest::Approx(20));
}

TEST_CASE("less than five minutes have no first and last minute") {
  MinuteGrowth growth;
  CHECK_FALSE(growth.mib());
  for (int i = 0; i < 300; ++i) growth.add(i, i);
  CHECK_FALSE(growth.mib());
  growth.add(300, 300);
  CHECK(growth.mib());
}

TEST_CASE(
    "samples less often than once a minute have one in the first and one in the last minute") {
  MinuteGrowth growth;
  for (int i = 0; i < 10; ++i) growth.add(300 * i, 100 + i);
  REQUIRE(growth.mib());
  CHECK(*growth.mib() == doctest::Approx(9));
}

TEST_CASE("samples that are added at once grow as if added one by one") {
  MinuteGrowth at_once;
  MinuteGrowth one_by_one;
  at_once.add(0, 5);
  at_once.add_evenly(0.5, 30, 60, 7);
  at_once.add_evenly(30.5, 580.5, 1101, 40);
  at_once.add_evenly(581, 600, 39, 70);
  for (int i = 0; i <= 1200; ++i) {
    one_by_one.add(i * 0.5, i == 0 ? 5 : i <= 60 ? 7 : i <= 1161 ? 40 : 70);
  }
  REQUIRE(at_once.mib());
  CHECK(*at_once.mib() == doctest::Approx(*one_by_one.mib()));
}

TEST_CASE("values that are not numbers do not count") {
  MinuteGrowth growth;
  for (int i = 0; i <= 600; ++i) growth.add(i, i % 2 == 0 ? 8 : std::nan(""));
  REQUIRE(growth.mib());
  CHECK(*growth.mib() == 0);
}
