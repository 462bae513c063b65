#include "mprofpp/analysis/slope.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace mprofpp::analysis;

namespace {

/// Feeds a program of 100 seconds that starts with 200 MiB a second, then grows by 2 MiB a second, and ends
/// with 100 MiB less.
template <class Fit>
void feed_program(Fit& fit, int per_second) {
  for (int i = 0; i <= 100 * per_second; ++i) {
    const double t = static_cast<double>(i) / per_second;
    fit.add(t, t < 1 ? 200 * t : 200 + 2 * t - (t > 98 ? 100 : 0));
  }
}

}  // namespace

TEST_CASE("points on a line give that line") {
  LeastSquares fit;
  for (int i = 0; i < 10; ++i) fit.add(i, 5 + 2.5 * i);
  REQUIRE(fit.line());
  CHECK(fit.line()->per_second == doctest::Approx(2.5));
  CHECK(fit.line()->at_zero == doctest::Approx(5));
  CHECK(fit.line()->at(4) == doctest::Approx(15));
}

TEST_CASE("scattered points give what numpy.polyfit gives") {
  // numpy.polyfit([0, 1, 2, 4, 7], [3, 1, 4, 1, 5], 1)
  LeastSquares fit;
  fit.add(0, 3);
  fit.add(1, 1);
  fit.add(2, 4);
  fit.add(4, 1);
  fit.add(7, 5);
  REQUIRE(fit.line());
  CHECK(fit.line()->per_second == doctest::Approx(0.2857142857));
  CHECK(fit.line()->at_zero == doctest::Approx(2.0));
}

TEST_CASE("six MiB an hour are found on top of twenty GiB, days after the epoch") {
  LeastSquares fit;
  for (int i = 0; i < 100'000; ++i) {
    const double seconds = 1.7e9 + i;
    fit.add(seconds, 20480 + 6.0 / 3600 * i + (i % 2 == 0 ? 3 : -3));
  }
  REQUIRE(fit.line());
  CHECK(fit.line()->per_second * 3600 == doctest::Approx(6).epsilon(1e-3));
}

TEST_CASE("one point in time has no slope") {
  LeastSquares fit;
  CHECK_FALSE(fit.line());
  fit.add(1, 1);
  fit.add(1, 2);
  CHECK_FALSE(fit.line());
  fit.add(2, std::nan(""));
  CHECK_FALSE(fit.line());
}

TEST_CASE("samples of the same memory that are added at once count as if added one by one") {
  LeastSquares at_once;
  LeastSquares one_by_one;
  at_once.add(0, 5);
  at_once.add_evenly(1, 99, 99, 5);
  at_once.add_evenly(100, 100, 1, 90);
  at_once.add_evenly(101, 200, 100, 40);
  for (int i = 0; i <= 200; ++i) one_by_one.add(i, i < 100 ? 5 : i == 100 ? 90 : 40);
  REQUIRE(at_once.line());
  CHECK(at_once.line()->per_second == doctest::Approx(one_by_one.line()->per_second));
  CHECK(at_once.line()->at_zero == doctest::Approx(one_by_one.line()->at_zero));
}

TEST_CASE("the slope of a whole recording leaves out the start and the end of the program") {
  for (const int per_second : {1, 10, 100}) {
    SlopeFit fit(SlopeOf::middle);
    feed_program(fit, per_second);
    REQUIRE(fit.line());
    CHECK(fit.line()->per_second == doctest::Approx(2));
    CHECK(fit.line()->at(50) == doctest::Approx(300));
    CHECK(fit.line()->first == doctest::Approx(10));
    CHECK(fit.line()->last == doctest::Approx(90));
  }
}

TEST_CASE("the slope of a window is that of all its samples") {
  SlopeFit fit(SlopeOf::all);
  LeastSquares all;
  feed_program(fit, 1);
  feed_program(all, 1);
  REQUIRE(fit.line());
  CHECK(fit.line()->per_second == all.line()->per_second);
  CHECK(fit.line()->first == 0);
  CHECK(fit.line()->last == 100);
}

TEST_CASE("of a few samples none is left out") {
  SlopeFit fit(SlopeOf::middle);
  for (int i = 0; i < 9; ++i) fit.add(i, i == 0 ? 90 : i);
  LeastSquares all;
  for (int i = 0; i < 9; ++i) all.add(i, i == 0 ? 90 : i);
  REQUIRE(fit.line());
  CHECK(fit.line()->per_second == all.line()->per_second);
  fit.add(9, 9);
  CHECK(fit.line()->per_second == doctest::Approx(1));
}

TEST_CASE("a million equal samples added at once leave out their tenths too") {
  SlopeFit at_once(SlopeOf::middle);
  at_once.add(0, 0);
  at_once.add_evenly(1, 1e6, 1'000'000, 40);
  at_once.add(1e6 + 1, 900);
  REQUIRE(at_once.line());
  CHECK(at_once.line()->per_second == doctest::Approx(0));
  CHECK(at_once.line()->at_zero == doctest::Approx(40));
}

TEST_CASE("a clock that steps back gives a line, too") {
  SlopeFit fit(SlopeOf::middle);
  for (int i = 0; i < 500; ++i) fit.add(i % 100, i);
  REQUIRE(fit.line());
  CHECK(std::isfinite(fit.line()->per_second));
}
