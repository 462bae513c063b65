#include "mprofpp/analysis/series.hpp"

#include <doctest/doctest.h>

#include "support/made_up.hpp"

using namespace mprofpp;
using namespace mprofpp::analysis;
using test::after;

namespace {

Grid grid(double from, double to, Grid::Outside outside) {
  return {after(0), after(from), after(to), 100, outside};
}

}  // namespace

TEST_CASE("only samples inside a window count, but the line reaches its edges") {
  Series series(grid(10, 20, Grid::Outside::cut));
  for (int i = 0; i <= 30; i += 3) series.add(after(i), i == 0 || i == 30 ? 500 : i);
  CHECK(series.count() == 3);
  CHECK(series.highest() == Point{18, 18});
  CHECK(series.lowest() == Point{12, 12});
  CHECK(series.first() == 12);
  CHECK(series.last() == 18);
  const auto strokes = series.strokes();
  REQUIRE(strokes.size() == 1);
  CHECK(strokes[0].front() == Point{9, 9});
  CHECK(strokes[0].back() == Point{21, 21});
}

TEST_CASE("a window between two samples is empty") {
  Series series(grid(10, 11, Grid::Outside::cut));
  series.add(after(5), 1);
  series.add(after(15), 1);
  CHECK(series.empty());
  CHECK(series.strokes().empty());
}

TEST_CASE("without a window nothing is outside") {
  Series series(grid(0, 1, Grid::Outside::widen));
  series.add(after(-50), 1);
  series.add(after(70), 2);
  CHECK(series.count() == 2);
  CHECK(series.first() == -50);
  CHECK(series.last() == 70);
}

TEST_CASE("another line starts where the clock steps back") {
  Series series(grid(0, 100, Grid::Outside::widen));
  for (const int i : {0, 20, 40, 60, 30, 50, 70}) series.add(after(i), i);
  const auto strokes = series.strokes();
  REQUIRE(strokes.size() == 2);
  CHECK(strokes[0] == Stroke{{0, 0}, {20, 20}, {40, 40}, {60, 60}});
  CHECK(strokes[1] == Stroke{{30, 30}, {50, 50}, {70, 70}});
}

TEST_CASE("a clock that keeps stepping back does not use unlimited memory") {
  Series series(grid(0, 100, Grid::Outside::widen));
  for (int i = 0; i < 100'000; ++i) series.add(after(i % 2 == 0 ? 10 : 90), i % 7);
  CHECK(series.columns() < 20);
}

TEST_CASE("values that are not numbers change no peak") {
  Series series(grid(0, 10, Grid::Outside::widen));
  series.add(after(1), std::nan(""));
  CHECK(series.empty());
  series.add(after(2), -4);
  series.add(after(3), HUGE_VAL);
  CHECK(series.highest() == Point{2, -4});
  CHECK(series.count() == 1);
}

TEST_CASE("the line does not reach the edge of a window across a gap") {
  for (const bool gap_is_first : {true, false}) {
    Series series(grid(10, 20, Grid::Outside::cut));
    series.add(after(5), 5);
    if (gap_is_first) series.interrupt();
    series.add(after(12), 12);
    series.add(after(18), 18);
    if (!gap_is_first) series.interrupt();
    series.add(after(25), 25);
    const auto strokes = series.strokes();
    REQUIRE(strokes.size() == 1);
    CHECK(strokes[0].size() == 3);
    CHECK(strokes[0].front().seconds == (gap_is_first ? 12 : 5));
    CHECK(strokes[0].back().seconds == (gap_is_first ? 25 : 18));
  }
}

TEST_CASE("a window within readings that have no lines has their value and reaches its edges") {
  Series series(grid(10, 20, Grid::Outside::cut));
  series.add(after(0), 3);
  series.add(model::Held{0, 3, after(1), after(99), 99, {}});
  series.add(after(100), 50);
  CHECK(series.count() == 11);
  CHECK(series.highest() == Point{10, 3});
  CHECK(series.first() == 10);
  CHECK(series.last() == 20);
  const auto strokes = series.strokes();
  REQUIRE(strokes.size() == 1);
  CHECK(strokes[0].front() == Point{9, 3});
  CHECK(strokes[0].back() == Point{21, 3});
}

TEST_CASE("a fine grid keeps every sample of bursts until there are too many") {
  auto fine = grid(0, 1000, Grid::Outside::widen);
  fine.columns = 500;
  fine.fineness = 4096;
  Series bursts(fine);
  const auto add = [](Series& series, int count) {
    for (int i = 0; i < count; ++i)
      series.add(after(i / 100 * 100 + 0.001 * (i % 100)), i * 37 % 101);
  };
  add(bursts, 1000);
  CHECK(bursts.has_all());
  CHECK(bursts.kept() == 1000);
  fine.fineness = 1;
  Series coarse(fine);
  add(coarse, 1000);
  CHECK_FALSE(coarse.has_all());
}
