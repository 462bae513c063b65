#include "mprofpp/analysis/slope.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace mprofpp::analysis;

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
