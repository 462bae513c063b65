#include "mprofpp/analysis/thinner.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

using namespace mprofpp::analysis;

namespace {

Stroke all_points(const Thinner& thinner) {
  Stroke all;
  for (const auto& stroke : thinner.strokes()) all.insert(all.end(), stroke.begin(), stroke.end());
  return all;
}

bool is_in_order(const Stroke& stroke) {
  return std::is_sorted(stroke.begin(), stroke.end(),
                        [](const Point& a, const Point& b) { return a.seconds < b.seconds; });
}

}  // namespace

TEST_CASE("few samples are kept as they are") {
  Thinner thinner(0.5, 1000);
  const Stroke samples = {{0, 1}, {1, 5}, {2, -3}, {10, 4}};
  for (const auto& sample : samples) thinner.add(sample.seconds, sample.mib);
  CHECK(thinner.strokes() == std::vector<Stroke>{samples});
}

TEST_CASE("of a full column the first, lowest, highest and last sample are kept") {
  Thinner thinner(8, 1000);
  for (const double mib : {3.0, 9.0, 5.0, 1.0, 4.0}) {
    static double seconds = 0;
    thinner.add(seconds++, mib);
  }
  CHECK(thinner.strokes() == std::vector<Stroke>{{{0, 3}, {1, 9}, {3, 1}, {4, 4}}});
}

TEST_CASE("one spike among a million samples survives, and the memory is the columns'") {
  Thinner thinner(1000, 2000);
  for (int i = 0; i < 1'000'000; ++i) thinner.add(i, i == 654'321 ? 5000 : i % 10);
  CHECK(thinner.columns() == 1000);
  const auto points = all_points(thinner);
  CHECK(points.size() <= 4000);
  const auto highest = std::max_element(points.begin(), points.end(),
                                        [](auto& a, auto& b) { return a.mib < b.mib; });
  CHECK(highest->mib == 5000);
  CHECK(highest->seconds == doctest::Approx(654'321).epsilon(1e-9));
}

TEST_CASE("samples far beyond the expected range widen the columns and lose no extreme") {
  Thinner thinner(1, 100);
  std::mt19937 random(7);
  std::uniform_real_distribution<double> value(0, 1);
  double highest = 0;
  double lowest = 1;
  for (int i = -5000; i < 20'000; ++i) {
    const double mib = value(random);
    highest = std::max(highest, mib);
    lowest = std::min(lowest, mib);
    thinner.add(i, mib);
  }
  CHECK(thinner.columns() <= 100);
  const auto points = all_points(thinner);
  CHECK(is_in_order(points));
  CHECK(points.front().seconds == doctest::Approx(-5000));
  CHECK(points.back().seconds == doctest::Approx(19'999));
  const auto by_mib = [](const Point& a, const Point& b) { return a.mib < b.mib; };
  const auto [low, high] = std::minmax_element(points.begin(), points.end(), by_mib);
  CHECK(high->mib == doctest::Approx(highest));
  CHECK(low->mib == doctest::Approx(lowest));
}

TEST_CASE("samples out of order end up in the order of time") {
  Thinner thinner(0.01, 1000);
  for (const int i : {5, 3, 9, 1, 7, 2, 8}) thinner.add(i, i);
  const auto points = all_points(thinner);
  CHECK(points.size() == 7);
  CHECK(is_in_order(points));
}

TEST_CASE("a value that is no number lifts the pen") {
  Thinner thinner(0.1, 1000);
  thinner.add(0, 1);
  thinner.add(1, 2);
  thinner.add(2, std::nan(""));
  thinner.add(3, 4);
  CHECK(thinner.strokes() == std::vector<Stroke>{{{0, 1}, {1, 2}}, {{3, 4}}});
}

TEST_CASE("coarsening keeps the extremes of both halves") {
  Thinner thinner(1, 1000);
  for (int i = 0; i < 64; ++i) thinner.add(i, i == 33 ? 100 : i == 12 ? -100 : 0);
  for (int i = 0; i < 6; ++i) thinner.coarsen();
  CHECK(thinner.columns() == 1);
  const auto points = all_points(thinner);
  CHECK(points == Stroke{{0, 0}, {12, -100}, {33, 100}, {63, 0}});
}
