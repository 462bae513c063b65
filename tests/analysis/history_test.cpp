#include "mprofpp/analysis/history.hpp"

#include <doctest/doctest.h>

#include "support/made_up.hpp"

using namespace mprofpp;
using namespace mprofpp::analysis;
using test::after;

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

TEST_CASE("a recording without samples says so") {
  HistoryFold fold(grid_of(20));
  fold.take(model::CommandLine{"a"});
  fold.take(model::Sample{std::nan(""), after(0)});
  CHECK_FALSE(fold.finish().has_samples());
}
