#include "mprofpp/leak/trend.hpp"

#include <doctest/doctest.h>

#include <numeric>

#include "leak/made_curves.hpp"

using namespace mprofpp::leak;

namespace {

std::vector<double> numbers_to(std::size_t count) {
  std::vector<double> numbers(count);
  std::iota(numbers.begin(), numbers.end(), 0.0);
  return numbers;
}

Slope slope_of(const std::vector<double>& ys) {
  return sen_slope(numbers_to(ys.size()), ys, kendall(ys).variance);
}

}  // namespace

TEST_CASE("the median of an even number of values is the mean of the middle two") {
  CHECK(median({3, 1, 2}) == 2);
  CHECK(median({4, 1, 3, 2}) == 2.5);
}

TEST_CASE("values that always rise have a tau of 1") {
  // n = 5: S = 10, its variance is 5 * 4 * 15 / 18
  const auto trend = kendall({1, 2, 3, 4, 5});
  CHECK(trend.tau == doctest::Approx(1));
  CHECK(trend.variance == doctest::Approx(300 / 18.0));
  CHECK(trend.z == doctest::Approx(9 / std::sqrt(300 / 18.0)));
}

TEST_CASE("values that always fall have a tau of -1") {
  CHECK(kendall({5, 4, 3, 2, 1}).tau == doctest::Approx(-1));
}

TEST_CASE("equal values lower the variance of Kendall's S") {
  // S = 5, (4 * 3 * 13 - 2 * 1 * 9) / 18
  const auto trend = kendall({1, 1, 2, 3});
  CHECK(trend.tau == doctest::Approx(5 / 6.0));
  CHECK(trend.variance == doctest::Approx(138 / 18.0));
}

TEST_CASE("less than half a page does not count") {
  const auto trend = kendall({10, 10 + 0.1 * page_mib, 10 + 0.2 * page_mib, 10 + 0.3 * page_mib});
  CHECK(trend.tau == 0);
  CHECK(trend.variance == 1);
}

TEST_CASE("half a page is rounded to the even page") {
  CHECK(kendall({0.5 * page_mib, 0}).tau == 0);
  CHECK(kendall({1.5 * page_mib, 2 * page_mib}).tau == 0);
}

TEST_CASE("one value that stands out does not change the slope") {
  CHECK(slope_of({0, 1, 2, 3, 10}).middle == doctest::Approx(1));
}

TEST_CASE("the interval of a straight line is the line") {
  const auto slope = slope_of({5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27});
  CHECK(slope.middle == doctest::Approx(2));
  CHECK(slope.low == doctest::Approx(2));
  CHECK(slope.high == doctest::Approx(2));
}

TEST_CASE("times that are not evenly spread count as they are") {
  const std::vector<double> xs = {0, 1, 5, 6, 20};
  const std::vector<double> ys = {0, 3, 15, 18, 60};
  CHECK(sen_slope(xs, ys, kendall(ys).variance).middle == doctest::Approx(3));
}

TEST_CASE("of a hundred noisy lines, the interval holds the slope of more than ninety") {
  Chance chance(1);
  int held = 0;
  for (int i = 0; i < 100; ++i) {
    std::vector<double> ys;
    for (int j = 0; j < 12; ++j) ys.push_back(3 * j + 2 * chance.normal());
    const auto slope = slope_of(ys);
    held += slope.low <= 3 && 3 <= slope.high ? 1 : 0;
  }
  CHECK(held > 90);
}

TEST_CASE(
    "noise that the next value does not remember leaves the interval to the order of slopes") {
  const auto slope = slope_of({1, 2, 7, 8, 13, 14, 19, 20, 25, 26, 31, 32});
  CHECK(slope.low == slope.order_low);
}

TEST_CASE("the interval of random walks is wider than that of noise") {
  Chance chance(2);
  int held = 0;
  int above_low = 0;
  int above_order_low = 0;
  for (int i = 0; i < 100; ++i) {
    std::vector<double> ys = {0};
    for (int j = 1; j < 12; ++j) ys.push_back(ys.back() + 3 + 2 * chance.normal());
    const auto slope = slope_of(ys);
    held += slope.low <= 3 && 3 <= slope.high ? 1 : 0;
    above_low += slope.low <= 3 ? 1 : 0;
    above_order_low += slope.order_low <= 3 ? 1 : 0;
  }
  CHECK(held > 80);
  CHECK(above_order_low < above_low);
}
