#include "mprofpp/leak/floors.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "leak/made_curves.hpp"

using namespace mprofpp::leak;

TEST_CASE("a recording with fewer samples than bins keeps all of them") {
  const auto readings = made_curve(100, 300, [](double t) { return 5 + t; });
  CHECK(least_of_bins(readings) == readings);
}

TEST_CASE("a long recording is reduced to the least reading of each bin, at its own time") {
  const auto readings = made_curve(9600, 96'000, [](double t) { return 10 + saw_tooth(t, 4800); });
  const auto bins = least_of_bins(readings);
  CHECK(bins.size() == 960);
  for (const auto& bin : bins) {
    CHECK(bin.mib < 10.06);
    CHECK(std::find(readings.begin(), readings.end(), bin) != readings.end());
  }
}

TEST_CASE("the last reading is in the last bin") {
  const auto readings = made_curve(960, 9601, [](double t) { return t < 1 ? 50.0 : 7.0; });
  CHECK(least_of_bins(readings).back().mib == 7);
}

TEST_CASE("a gap has no bins") {
  auto readings = made_curve(960, 9600, [](double) { return 1.0; });
  std::erase_if(readings, [](const Reading& reading) {
    const double t = reading.seconds - curve_start;
    return t > 100 && t < 580;
  });
  const auto bins = least_of_bins(readings);
  CHECK(bins.size() >= 480);
  CHECK(bins.size() <= 482);
}

TEST_CASE("readings at one time are one bin") {
  CHECK(least_of_bins({{5, 3}, {5, 2}, {5, 4}}) == Readings{{5, 2}});
}

TEST_CASE("a floor is the least memory of its stretch, in the middle of it") {
  const Readings bins = {{0, 5}, {1, 4}, {2, 9}, {3, 8}, {4, 6}, {5, 7}};
  CHECK(floors(bins, 0, 6, 3) == Readings{{1, 4}, {3, 8}, {5, 6}});
}

TEST_CASE("a reading at the end of the last stretch is not in it") {
  CHECK(floors({{0, 5}, {2, 1}}, 0, 2, 1) == Readings{{1, 5}});
}

TEST_CASE("a stretch without readings has no floor") {
  CHECK(floors({{0, 5}, {5, 7}}, 0, 6, 3) == Readings{{1, 5}, {5, 7}});
}

TEST_CASE("both ends belong to the part between them") {
  const Readings bins = {{1, 5}, {2, 6}, {3, 7}, {4, 8}};
  CHECK(between(bins, 2, 3) == Readings{{2, 6}, {3, 7}});
}

TEST_CASE("the kept curve has no peak and nothing that was given back") {
  CHECK(kept({1, 9, 2, 5, 3, 4}) == std::vector<double>{1, 2, 2, 3, 3, 4});
  CHECK(kept({5, 4, 3}) == std::vector<double>{3, 3, 3});
  CHECK(kept({}).empty());
}

TEST_CASE("moves are the differences of neighbours") {
  CHECK(moves({1, 4, 2}) == std::vector<double>{3, -2});
  CHECK(moves({7}).empty());
}
