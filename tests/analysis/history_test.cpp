#include "mprofpp/analysis/history.hpp"

#include <doctest/doctest.h>

#include <tuple>

#include "support/made_up.hpp"

using namespace mprofpp;
using namespace mprofpp::analysis;
using test::after;
using namespace std::chrono_literals;

namespace {

Grid grid_of(double seconds) {
  return {after(0), after(0), after(seconds), 1000, Grid::Outside::widen};
}

}  // namespace

TEST_CASE("a pid that is handed out again is another process") {
  HistoryFold fold(grid_of(20));
  fold.take(model::Process{{7, 100}, 1, after(0), "first", "first"});
  fold.take(model::ChildSample{7, 10, after(1)});
  fold.take(model::Process{{7, 900}, 1, after(10), "second", "second"});
  fold.take(model::ChildSample{7, 20, after(11)});
  const auto history = fold.finish();
  REQUIRE(history.processes.size() == 2);
  CHECK(history.processes[0].name == "first");
  CHECK(history.processes[0].series.highest().mib == 10);
  CHECK(history.processes[1].name == "second");
  CHECK(history.processes[1].series.highest().mib == 20);
}

TEST_CASE("a process that changes its name stays one process") {
  HistoryFold fold(grid_of(20));
  fold.take(model::Process{{7, 100}, 1, after(0), "sh", "sh -c x"});
  fold.take(model::ChildSample{7, 10, after(1)});
  fold.take(model::Process{{7, 100}, 1, after(2), "x", "x"});
  fold.take(model::ChildSample{7, 20, after(3)});
  const auto history = fold.finish();
  REQUIRE(history.processes.size() == 1);
  CHECK(history.processes[0].name == "x");
  CHECK(history.processes[0].series.count() == 2);
}

TEST_CASE("a recording without process records has its children by pid") {
  HistoryFold fold(grid_of(20));
  fold.take(model::Sample{50, after(0)});
  fold.take(model::ChildSample{7, 10, after(0)});
  const auto history = fold.finish();
  REQUIRE(history.processes.size() == 1);
  CHECK(history.processes[0].id.pid == 7);
  CHECK(history.processes[0].name.empty());
}

TEST_CASE("children that need more than MEM says were not in it") {
  for (const double child : {30.0, 90.0}) {
    HistoryFold fold(grid_of(20));
    fold.take(model::Sample{50, after(0)});
    fold.take(model::ChildSample{7, child, after(0)});
    CHECK(fold.finish().children_exceed_total == (child > 50));
  }
}

TEST_CASE("a second run in the same file begins another line") {
  HistoryFold fold(grid_of(20));
  fold.take(model::CommandLine{"a"});
  fold.take(model::Sample{1, after(0)});
  fold.take(model::CommandLine{"b"});
  fold.take(model::Sample{2, after(5)});
  const auto history = fold.finish();
  CHECK(history.command == "a");
  CHECK(history.total.strokes().size() == 2);
}

TEST_CASE("the line of an mprof recording passes through what its calls read, uncounted") {
  for (const bool ours : {false, true}) {
    HistoryFold fold(grid_of(20));
    if (ours) fold.take(model::Meta{"format", {"1"}});
    fold.take(model::Sample{10, after(0)});
    fold.take(model::Sample{10, after(8)});
    fold.take(test::call("f", 2, 4, 0));
    const auto history = fold.finish();
    CHECK(history.total.count() == 2);
    CHECK(history.total.highest().mib == 10);
    const auto strokes = history.total.strokes();
    REQUIRE(strokes.size() == 1);
    CHECK(strokes[0] ==
          (ours ? Stroke{{0, 10}, {8, 10}} : Stroke{{0, 10}, {2, 50}, {4, 60}, {8, 10}}));
  }
}

TEST_CASE("a thousand processes share the memory of a few") {
  HistoryFold fold(grid_of(1000));
  for (int tick = 0; tick < 1000; ++tick) {
    for (pid_t pid = 1; pid <= 1000; ++pid)
      fold.take(model::ChildSample{pid, pid * 1.0, after(tick)});
  }
  const auto history = fold.finish();
  std::size_t columns = 0;
  for (const auto& process : history.processes) columns += process.series.columns();
  CHECK(columns <= 300'000);
  CHECK(history.processes[999].series.highest().mib == 1000);
}

TEST_CASE("of a window only its own gaps, missed ticks and suspends are told") {
  const auto told = [](double from, double to) {
    HistoryFold fold({after(0), after(from), after(to), 100, Grid::Outside::cut});
    fold.take(model::Meta{"interval", {"1"}});
    for (const double t : {0.0, 1.0, 2.0, 20.0, 21.0}) fold.take(model::Sample{1, after(t)});
    fold.take(model::Lost{after(20), "ticks", 17});
    fold.take(model::Suspended{after(40), 10s});
    fold.take(model::Sample{1, after(41)});
    const auto history = fold.finish();
    return std::tuple(history.gaps, history.lost_ticks, history.suspended, history.marks.size());
  };
  CHECK(told(0, 25) == std::tuple(1U, 17U, 0s, 0U));
  CHECK(told(30, 50) == std::tuple(0U, 0U, 10s, 1U));
  CHECK(told(33, 37) == std::tuple(0U, 0U, 10s, 0U));
}

TEST_CASE("a recording without samples says so") {
  HistoryFold fold(grid_of(20));
  fold.take(model::CommandLine{"a"});
  fold.take(model::Sample{std::nan(""), after(0)});
  CHECK_FALSE(fold.finish().has_samples());
}

TEST_CASE("the root's own curve is what its children leave of the MEM line") {
  HistoryFold fold(grid_of(20));
  test::tell_heading(fold, "CM");
  fold.take(model::Process{{101, 2}, 100, after(0), "worker", "worker"});
  test::tell_tick(fold, 0, 10, {});
  test::tell_tick(fold, 1, 12, {{101, 30}});
  test::tell_tick(fold, 2, 11, {{101, 50}});
  const auto history = fold.finish();
  const auto& root = history.processes[0];
  REQUIRE(root.is_root);
  REQUIRE(root.series.strokes().size() == 1);
  CHECK(root.series.strokes()[0] == Stroke{{0, 10}, {1, 12}, {2, 11}});
  CHECK_FALSE(history.processes[1].is_root);
}

TEST_CASE("the line that repeats the total at the root's end is not the root's own") {
  HistoryFold fold(grid_of(20));
  test::tell_heading(fold, "CM");
  test::tell_tick(fold, 0, 10, {{101, 30}});
  fold.take(model::Sample{40, after(0.5)});
  fold.take(model::Exit{100, after(0.5), 0});
  test::tell_tick(fold, 1, 0, {{101, 35}});
  const auto history = fold.finish();
  CHECK(history.processes[0].series.highest().mib == 10);
  CHECK(history.processes[0].series.count() == 1);
}

TEST_CASE("a root whose curve is the MEM line, or not known, has none of its own") {
  for (const std::string tree : {"CM", "C", "M", "-"}) {
    CAPTURE(tree);
    HistoryFold fold(grid_of(20));
    test::tell_heading(fold, tree);
    for (int i = 0; i < 5; ++i) test::tell_tick(fold, i, 10, {});
    if (tree == "M") fold.take(model::ChildSample{101, 5, after(4)});
    CHECK(fold.finish().processes[0].series.empty());
  }
}

TEST_CASE("of several roots none is what the others leave: they have lines of their own") {
  HistoryFold fold(grid_of(20));
  fold.take(model::Meta{"root", {"100", "101"}});
  fold.take(model::Meta{"tree", {"CM"}});
  for (int i = 0; i < 5; ++i) test::tell_tick(fold, i, 0, {{100, 10}, {101, 20}});
  const auto history = fold.finish();
  CHECK(history.processes[0].series.highest().mib == 10);
  CHECK_FALSE(history.processes[0].is_root);
}

TEST_CASE(
    "where many ticks in a row were missed every line has a gap, where few were it has none") {
  const auto strokes_with = [](double resumed) {
    HistoryFold fold(grid_of(40));
    test::tell_heading(fold, "CM");
    for (int i = 0; i < 5; ++i) test::tell_tick(fold, i, 10, {{101, 30}});
    for (int i = 0; i < 5; ++i) test::tell_tick(fold, resumed + i, 10, {{101, 30}});
    const auto history = fold.finish();
    CHECK(history.gaps == (resumed > 10 ? 1 : 0));
    CHECK(history.processes[0].series.strokes().size() == history.total.strokes().size());
    CHECK(history.processes[1].series.strokes().size() == history.total.strokes().size());
    return history.total.strokes().size();
  };
  CHECK(strokes_with(10) == 1);
  CHECK(strokes_with(10.5) == 2);
  CHECK(strokes_with(30) == 2);
}

TEST_CASE("an interval that becomes longer in the middle leaves no gap") {
  HistoryFold fold(grid_of(100));
  fold.take(model::Meta{"interval", {"0.1"}});
  for (int i = 0; i < 20; ++i) fold.take(model::Sample{1, after(0.1 * i)});
  fold.take(model::Meta{"interval", {"1"}});
  for (int i = 2; i < 20; ++i) fold.take(model::Sample{1, after(i)});
  CHECK(fold.finish().total.strokes().size() == 1);
}

TEST_CASE(
    "a recorder that is always late draws a line, and one that does not tell its interval too") {
  for (const std::string interval : {"0.001", "0", "none"}) {
    HistoryFold fold(grid_of(100));
    fold.take(model::Meta{"interval", {interval}});
    fold.take(model::Sample{1, after(0)});
    for (int i = 0; i < 50; ++i) fold.take(model::Sample{1, after(0.001 + i)});
    CHECK(fold.finish().total.strokes().size() <= (interval == "0.001" ? 20 : 1));
  }
}

TEST_CASE("over the shortest suspension no line is drawn, and it is no gap of missed ticks") {
  for (const double resumed : {5.3, 90.0}) {
    HistoryFold fold(grid_of(100));
    test::tell_heading(fold, "CM");
    for (int i = 0; i < 5; ++i) test::tell_tick(fold, i, 10, {{101, 30}});
    fold.take(model::Suspended{after(resumed), 200ms});
    for (int i = 0; i < 5; ++i) test::tell_tick(fold, resumed + i, 10, {{101, 30}});
    const auto history = fold.finish();
    for (const auto* series :
         {&history.total, &history.processes[0].series, &history.processes[1].series}) {
      REQUIRE(series->strokes().size() == 2);
      CHECK(series->strokes()[0].back().seconds == doctest::Approx(4));
      CHECK(series->strokes()[1].front().seconds == doctest::Approx(resumed));
    }
    CHECK(history.gaps == 0);
  }
}

TEST_CASE("missed ticks are counted and time slept is a mark") {
  HistoryFold fold(grid_of(20));
  fold.take(model::Lost{after(1), "ticks", 3});
  fold.take(model::Lost{after(2), "ticks", 4});
  fold.take(model::Lost{after(3), "processes", 9});
  fold.take(model::Suspended{after(4), 1h});
  const auto history = fold.finish();
  CHECK(history.lost_ticks == 7);
  CHECK(history.suspended == 1h);
  REQUIRE(history.marks.size() == 1);
  CHECK(history.marks[0].text == "suspended for 1 h");
}
