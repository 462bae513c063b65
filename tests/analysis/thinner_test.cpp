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

TEST_CASE("a full column keeps its first, lowest, highest and last sample") {
  Thinner thinner(8, 1000);
  for (const double mib : {3.0, 9.0, 5.0, 1.0, 4.0}) {
    static double seconds = 0;
    thinner.add(seconds++, mib);
  }
  CHECK(thinner.strokes() == std::vector<Stroke>{{{0, 3}, {1, 9}, {3, 1}, {4, 4}}});
}

TEST_CASE("one spike among a million samples survives in the memory of a thousand columns") {
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

TEST_CASE("samples over a long range widen the columns and lose no extreme") {
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

TEST_CASE("samples out of order are sorted by time") {
  Thinner thinner(0.01, 1000);
  for (const int i : {5, 3, 9, 1, 7, 2, 8}) thinner.add(i, i);
  const auto points = all_points(thinner);
  CHECK(points.size() == 7);
  CHECK(is_in_order(points));
}

TEST_CASE("a value that is not a number interrupts the line") {
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

TEST_CASE("samples on a level are drawn from the first to the last") {
  Thinner thinner(1, 1000);
  for (int i = 0; i < 100; ++i) thinner.add(i, i < 50 ? 3 : 4);
  CHECK(thinner.strokes() == std::vector<Stroke>{{{0, 3}, {49, 3}, {50, 4}, {99, 4}}});
}

TEST_CASE("samples of the same value that are added at once give the same line") {
  for (const double width : {0.3, 1.0, 7.0, 64.0}) {
    CAPTURE(width);
    Thinner at_once(width, 1000);
    Thinner one_by_one(width, 1000);
    for (int i = 0; i < 100; ++i) {
      const double mib = i % 23 == 0 ? 9 : i / 23;
      one_by_one.add(i, mib);
      if (i % 23 == 0) {
        at_once.add(i, mib);
        at_once.add_evenly(i + 1, std::min(i + 21, 98), 1, i / 23);
        if (i + 22 < 100) at_once.add(i + 22, i / 23);
      }
    }
    one_by_one.add(100, 9);
    at_once.add(99, 4);
    at_once.add(100, 9);
    CHECK(at_once.strokes() == one_by_one.strokes());
  }
}

TEST_CASE("a value between samples is a point of their line, in any order") {
  Thinner thinner(1, 1000);
  for (const double t : {1.0, 3.0, 5.0}) thinner.add(t, 1);
  thinner.add_between(4.5, 9);
  thinner.add_between(0.5, 7);
  CHECK(thinner.strokes() == std::vector<Stroke>{{{0.5, 7}, {1, 1}, {3, 1}, {4.5, 9}, {5, 1}}});
}

TEST_CASE("a value between samples neither bridges an interruption nor ends one") {
  Thinner thinner(1, 1000);
  thinner.add(1, 1);
  thinner.interrupt();
  thinner.add_between(0.5, 1);
  thinner.add(5, 2);
  thinner.add_between(3, 9);
  CHECK(thinner.strokes() == std::vector<Stroke>{{{0.5, 1}, {1, 1}}, {{3, 9}}, {{5, 2}}});
}

TEST_CASE("columns that are three times as wide keep the extremes of what they had") {
  Thinner thinner(1, 1000);
  for (int i = -6; i < 6; ++i) thinner.add(i, i == -5 ? 9 : i == 4 ? -9 : 0.1 * i);
  thinner.coarsen(3);
  CHECK(thinner.columns() == 4);
  CHECK(thinner.column_width() == 3);
  const auto points = all_points(thinner);
  CHECK(std::count(points.begin(), points.end(), Point{-5, 9}) == 1);
  CHECK(std::count(points.begin(), points.end(), Point{4, -9}) == 1);
  CHECK(points.front().seconds == -6);
  CHECK(points.back().seconds == 5);
  CHECK(is_in_order(points));
}

TEST_CASE("a thinner knows whether it has every sample") {
  Thinner thinner(10, 1000);
  const Stroke samples = {{0, 0}, {1, 5}, {2, -5}, {3, 1}};
  for (const auto& sample : samples) thinner.add(sample.seconds, sample.mib);
  CHECK(thinner.has_all());
  CHECK(thinner.kept() == 4);
  thinner.add(4, 0.5);
  CHECK_FALSE(thinner.has_all());
}

TEST_CASE("all samples of a level are returned if they are wanted") {
  Thinner thinner(1, 1000);
  for (int i = 0; i < 5; ++i) thinner.add(i, 7);
  CHECK(thinner.strokes().front().size() == 2);
  CHECK(thinner.strokes(LevelSamples::all).front().size() == 5);
}
