#include "mprofpp/analysis/history.hpp"

#include <doctest/doctest.h>

#include <tuple>

#include "mprofpp/analysis/peak.hpp"
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

TEST_CASE("a reused pid is another process") {
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

TEST_CASE("a process is called by the title that it had at its peak in the shown time") {
  for (const double end : {10.0, 3.0}) {
    HistoryFold fold({after(0), after(0), after(end), 1000, Grid::Outside::cut});
    for (const auto& [t, title, mib] :
         {std::tuple(1.0, "small", 10.0), std::tuple(2.0, "larger", 20.0),
          std::tuple(5.0, "largest", 90.0), std::tuple(6.0, "idle", 5.0)}) {
      fold.take(model::Process{{7, 100}, 1, after(t), "worker", title});
      fold.take(model::Sample{100, after(t)});
      fold.take(model::ChildSample{7, mib, after(t)});
    }
    CHECK(fold.finish().processes[0].command == (end > 5 ? "largest" : "larger"));
  }
}

TEST_CASE("a recording without process records identifies its children by pid") {
  HistoryFold fold(grid_of(20));
  fold.take(model::Sample{50, after(0)});
  fold.take(model::ChildSample{7, 10, after(0)});
  const auto history = fold.finish();
  REQUIRE(history.processes.size() == 1);
  CHECK(history.processes[0].id.pid == 7);
  CHECK(history.processes[0].name.empty());
}

TEST_CASE("children with more memory than MEM were not part of it") {
  for (const double child : {30.0, 90.0}) {
    HistoryFold fold(grid_of(20));
    fold.take(model::Sample{50, after(0)});
    fold.take(model::ChildSample{7, child, after(0)});
    CHECK(fold.finish().children_exceed_total == (child > 50));
  }
}

TEST_CASE("a second run in the same file starts another line") {
  HistoryFold fold(grid_of(20));
  fold.take(model::CommandLine{"a"});
  fold.take(model::Sample{1, after(0)});
  fold.take(model::CommandLine{"b"});
  fold.take(model::Sample{2, after(5)});
  const auto history = fold.finish();
  CHECK(history.command == "a");
  CHECK(history.total.strokes().size() == 2);
}

TEST_CASE("the line of an mprof recording passes through the readings of calls, uncounted") {
  for (const bool ours : {false, true}) {
    HistoryFold fold(grid_of(20));
    if (ours) fold.take(model::Settings{.format = 1});
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

TEST_CASE("the curve of a process passes through the readings at the ends of its calls") {
  HistoryFold fold(grid_of(20));
  fold.take(
      model::Settings{.format = 1, .roots = {1}, .children = model::Children::summed_and_apart});
  fold.take(model::Process{{7, 100}, 1, after(0), "worker", "worker"});
  for (const double t : {1.0, 11.0}) {
    fold.take(model::Sample{100, after(t)});
    fold.take(model::ChildSample{7, 10, after(t)});
  }
  auto call = test::call("f", 5, 15, 0);
  call.pid = 7;
  call.rss_in = 30;
  call.rss_out = 20;
  fold.take(call);
  const auto history = fold.finish();
  const auto& series = history.processes.front().series;
  CHECK(series.strokes() == std::vector<Stroke>{{{1, 10}, {5, 30}, {11, 10}, {15, 20}}});
  CHECK(series.highest() == Point{1, 10});
  CHECK(series.count() == 2);
}

TEST_CASE("a curve of PSS does not pass through readings of RSS") {
  HistoryFold fold(grid_of(20));
  fold.take(model::Settings{.format = 1, .metric = model::Metric::pss, .roots = {7}});
  fold.take(model::Process{{7, 100}, 1, after(0), "job", "job"});
  for (const double t : {1.0, 11.0}) fold.take(model::Sample{10, after(t)});
  auto call = test::call("f", 5, 9, 0);
  call.pid = 7;
  call.rss_in = call.rss_out = 30;
  fold.take(call);
  CHECK(fold.finish().total.strokes() == std::vector<Stroke>{{{1, 10}, {11, 10}}});
}

TEST_CASE("the processes of a tick of mprof have the time of its MEM line") {
  HistoryFold fold(grid_of(20));
  for (const double t : {1.0, 2.0}) {
    fold.take(model::Sample{100, after(t)});
    fold.take(model::ChildSample{1, 10, after(t + 0.01)});
  }
  CHECK(fold.finish().processes[0].series.strokes() == std::vector<Stroke>{{{1, 10}, {2, 10}}});
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

TEST_CASE("a window reports only its own gaps, missed ticks and suspensions") {
  const auto counted = [](double from, double to) {
    HistoryFold fold({after(0), after(from), after(to), 100, Grid::Outside::cut});
    fold.take(model::Settings{.interval = std::chrono::seconds(1)});
    for (const double t : {0.0, 1.0, 2.0, 20.0, 21.0}) fold.take(model::Sample{1, after(t)});
    fold.take(model::Lost{after(20), model::Loss::ticks, 17});
    fold.take(model::Suspended{after(40), 10s});
    fold.take(model::Sample{1, after(41)});
    const auto history = fold.finish();
    return std::tuple(history.gaps, history.losses.ticks, history.losses.suspended,
                      history.marks.size());
  };
  CHECK(counted(0, 25) == std::tuple(1U, 17U, 0.0, 0U));
  CHECK(counted(30, 50) == std::tuple(0U, 0U, 10.0, 1U));
  CHECK(counted(33, 37) == std::tuple(0U, 0U, 10.0, 0U));
}

TEST_CASE("a recording without samples says so") {
  HistoryFold fold(grid_of(20));
  fold.take(model::CommandLine{"a"});
  fold.take(model::Sample{std::nan(""), after(0)});
  CHECK_FALSE(fold.finish().has_samples());
}

TEST_CASE("the root's own curve is the MEM line minus its children") {
  HistoryFold fold(grid_of(20));
  test::feed_header(fold, model::Children::summed_and_apart);
  fold.take(model::Process{{101, 2}, 100, after(0), "worker", "worker"});
  test::feed_tick(fold, 0, 10, {});
  test::feed_tick(fold, 1, 12, {{101, 30}});
  test::feed_tick(fold, 2, 11, {{101, 50}});
  const auto history = fold.finish();
  const auto& root = history.processes[0];
  REQUIRE(root.is_root);
  REQUIRE(root.series.strokes().size() == 1);
  CHECK(root.series.strokes()[0] == Stroke{{0, 10}, {1, 12}, {2, 11}});
  CHECK_FALSE(history.processes[1].is_root);
}

TEST_CASE("the line that repeats the total at the root's exit is not the root's own") {
  HistoryFold fold(grid_of(20));
  test::feed_header(fold, model::Children::summed_and_apart);
  test::feed_tick(fold, 0, 10, {{101, 30}});
  fold.take(model::Sample{40, after(0.5)});
  fold.take(model::Exit{100, after(0.5), 0});
  test::feed_tick(fold, 1, 0, {{101, 35}});
  const auto history = fold.finish();
  CHECK(history.processes[0].series.highest().mib == 10);
  CHECK(history.processes[0].series.count() == 1);
}

TEST_CASE("the lines of the root and of the processes that outlive it go on to its exit") {
  HistoryFold fold(grid_of(20));
  test::feed_header(fold, model::Children::summed_and_apart);
  test::feed_tick(fold, 0, 10, {{101, 30}, {102, 7}});
  test::feed_tick(fold, 1, 10, {{101, 30}});
  fold.take(model::Sample{40, after(1.5)});
  fold.take(model::Exit{100, after(1.5), 0});
  const auto history = fold.finish();
  CHECK(history.processes[0].series.strokes()[0].back() == Point{1.5, 10});
  CHECK(history.processes[1].series.strokes()[0].back() == Point{1.5, 30});
  CHECK(history.processes[2].series.strokes()[0].back() == Point{0, 7});
}

TEST_CASE("a process holds its last reading until its exit, but not beyond the next tick") {
  const auto held_until = [](double exit, double noticed) {
    HistoryFold fold(grid_of(20));
    test::feed_header(fold, model::Children::summed_and_apart);
    for (int i = 0; i < 5; ++i) test::feed_tick(fold, i, 10, {{101, 30}});
    for (int i = 5; i <= noticed; ++i) test::feed_tick(fold, i, 10, {});
    fold.take(model::Exit{101, after(exit), 0});
    return fold.finish().processes[1].held_until;
  };
  CHECK(held_until(4.5, 4) == 4.5);
  CHECK(held_until(4.5, 5) == 4.5);
  CHECK(held_until(5.2, 5) == 5);
  CHECK(std::isnan(held_until(7, 6)));
}

TEST_CASE(
    "in another metric the curves have the values that were read, without gaps between them") {
  HistoryFold fold(grid_of(20), model::Metric::pss);
  test::feed_header(fold, model::Children::summed_and_apart);
  for (int i = 0; i < 18; ++i) {
    const bool is_read = i % 9 == 0;
    const auto readings = [&](double mib) {
      return is_read ? std::vector<model::Reading>{{model::Metric::pss, mib}}
                     : std::vector<model::Reading>{};
    };
    fold.take(model::Sample{50, after(i), readings(30.0 + i)});
    fold.take(model::ChildSample{101, 40, after(i), readings(25)});
  }
  const auto history = fold.finish();
  CHECK(history.total.strokes() == std::vector<Stroke>{{{0, 30}, {9, 39}}});
  CHECK(history.processes[0].series.strokes() == std::vector<Stroke>{{{0, 5}, {9, 14}}});
  CHECK(history.processes[1].series.highest().mib == 25);
  CHECK(history.settings.metric == model::Metric::pss);
  CHECK(history.metrics() == std::vector{model::Metric::rss, model::Metric::pss});
}

TEST_CASE("in another metric a sparse recording has the values that hold") {
  HistoryFold fold(grid_of(20), model::Metric::pss);
  test::feed_header(fold, model::Children::summed_and_apart);
  const std::vector<model::Reading> total = {{model::Metric::pss, 30}};
  const std::vector<model::Reading> own = {{model::Metric::pss, 25}};
  fold.take(model::Sample{50, after(0), total, 0});
  fold.take(model::ChildSample{101, 40, after(0), own});
  fold.take(model::Held{0, 50, after(1), after(9), 9, total});
  fold.take(model::Held{101, 40, after(1), after(9), 9, own});
  const auto history = fold.finish();
  CHECK(history.total.strokes() == std::vector<Stroke>{{{0, 30}, {9, 30}}});
  CHECK(history.processes[0].series.strokes() == std::vector<Stroke>{{{0, 5}, {9, 5}}});
  CHECK(history.processes[1].series.strokes() == std::vector<Stroke>{{{0, 25}, {9, 25}}});
}

TEST_CASE("the total in a metric that was not read for long has a gap") {
  HistoryFold fold(grid_of(100));
  test::feed_header(fold, model::Children::summed);
  for (int i = 0; i < 100; ++i) {
    const bool is_read = i < 10 || i > 90;
    fold.take(model::Sample{50, after(i),
                            is_read ? std::vector<model::Reading>{{model::Metric::swap, 3}}
                                    : std::vector<model::Reading>{}});
  }
  const auto history = fold.finish();
  REQUIRE(history.total_in(model::Metric::swap) != nullptr);
  CHECK(history.total_in(model::Metric::swap)->strokes().size() == 2);
  CHECK(history.total_in(model::Metric::rss) == &history.total);
  CHECK(history.total_in(model::Metric::uss) == nullptr);
}

TEST_CASE("a limit that was crossed is a mark with its name and size") {
  HistoryFold fold(grid_of(20));
  for (const double t : {3.0, 5.0}) fold.take(model::Limit{after(t), "memory.high", 512, 0});
  const auto history = fold.finish();
  REQUIRE(history.marks.size() == 2);
  CHECK(history.marks[0].text == "crossed memory.high of 512.0 MiB");
  CHECK(history.crossed_limits.size() == 1);
}

TEST_CASE("a pid without a PROC line is another process after a tick at which it was not read") {
  for (const bool has_name : {false, true}) {
    HistoryFold fold(grid_of(20));
    test::feed_header(fold, model::Children::summed_and_apart);
    if (has_name) fold.take(model::Process{{101, 2}, 100, after(0), "worker", "worker"});
    test::feed_tick(fold, 0, 10, {{101, 30}});
    test::feed_tick(fold, 1, 10, {});
    test::feed_tick(fold, 2, 10, {{101, 30}});
    const auto history = fold.finish();
    CHECK(history.processes[1].series.strokes().size() == (has_name ? 1 : 2));
  }
}

TEST_CASE("a sum without lines of the children is the root's own only while it is alone") {
  HistoryFold fold(grid_of(20));
  PeakFold peaks;
  const auto feed = [&](const auto& record) {
    fold.take(record);
    peaks.take(record);
  };
  feed(model::Settings{.roots = {100}});
  feed(model::Settings{.children = model::Children::summed});
  feed(model::Process{{100, 1}, 1, after(0), "first", "first"});
  feed(model::Sample{10, after(0)});
  feed(model::Process{{100, 1}, 1, after(1), "second", "second"});
  feed(model::Process{{101, 2}, 100, after(1), "worker", "worker"});
  feed(model::Sample{90, after(1)});
  CHECK(fold.finish().processes[0].name == "first");
  CHECK(peaks.report().processes[0].name == "first");
}

TEST_CASE("a root whose curve is the MEM line, or is unknown, has no curve of its own") {
  using model::Children;
  for (const auto tree :
       {Children::summed_and_apart, Children::summed, Children::apart, Children::left_out}) {
    CAPTURE(static_cast<int>(tree));
    HistoryFold fold(grid_of(20));
    test::feed_header(fold, tree);
    for (int i = 0; i < 5; ++i) test::feed_tick(fold, i, 10, {});
    if (tree == Children::apart) fold.take(model::ChildSample{101, 5, after(4)});
    CHECK(fold.finish().processes[0].series.empty());
  }
}

TEST_CASE("several roots have lines of their own, and none is MEM minus the others") {
  HistoryFold fold(grid_of(20));
  fold.take(model::Settings{.roots = {100, 101}});
  fold.take(model::Settings{.children = model::Children::summed_and_apart});
  for (int i = 0; i < 5; ++i) test::feed_tick(fold, i, 0, {{100, 10}, {101, 20}});
  const auto history = fold.finish();
  CHECK(history.processes[0].series.highest().mib == 10);
  CHECK_FALSE(history.processes[0].is_root);
}

TEST_CASE("every line has a gap where many ticks in a row were missed, but not where few were") {
  const auto strokes_with = [](double resumed) {
    HistoryFold fold(grid_of(40));
    test::feed_header(fold, model::Children::summed_and_apart);
    for (int i = 0; i < 5; ++i) test::feed_tick(fold, i, 10, {{101, 30}});
    for (int i = 0; i < 5; ++i) test::feed_tick(fold, resumed + i, 10, {{101, 30}});
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
  fold.take(model::Settings{.interval = std::chrono::milliseconds(100)});
  for (int i = 0; i < 20; ++i) fold.take(model::Sample{1, after(0.1 * i)});
  fold.take(model::Settings{.interval = std::chrono::seconds(1)});
  for (int i = 2; i < 20; ++i) fold.take(model::Sample{1, after(i)});
  CHECK(fold.finish().total.strokes().size() == 1);
}

TEST_CASE("a recorder that is always late, or does not state its interval, still gets a line") {
  for (const std::optional<Duration> interval :
       {std::optional<Duration>(std::chrono::milliseconds(1)),
        std::optional(Duration::zero()),
        {}}) {
    HistoryFold fold(grid_of(100));
    fold.take(model::Settings{.interval = interval});
    fold.take(model::Sample{1, after(0)});
    for (int i = 0; i < 50; ++i) fold.take(model::Sample{1, after(0.001 + i)});
    CHECK(fold.finish().total.strokes().size() <=
          (interval == std::chrono::milliseconds(1) ? 20 : 1));
  }
}

TEST_CASE("even the shortest suspension interrupts the lines, but not as a gap of missed ticks") {
  for (const double resumed : {5.3, 90.0}) {
    HistoryFold fold(grid_of(100));
    test::feed_header(fold, model::Children::summed_and_apart);
    for (int i = 0; i < 5; ++i) test::feed_tick(fold, i, 10, {{101, 30}});
    fold.take(model::Suspended{after(resumed), 200ms});
    for (int i = 0; i < 5; ++i) test::feed_tick(fold, resumed + i, 10, {{101, 30}});
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
  fold.take(model::Lost{after(1), model::Loss::ticks, 3});
  fold.take(model::Lost{after(2), model::Loss::ticks, 4});
  fold.take(model::Lost{after(3), model::Loss::processes, 9});
  fold.take(model::Suspended{after(4), 1h});
  const auto history = fold.finish();
  CHECK(history.losses.ticks == 7);
  CHECK(history.losses.suspended == 3600);
  REQUIRE(history.marks.size() == 1);
  CHECK(history.marks[0].text == "suspended for 1 h");
}
