#include "mprofpp/chart/build.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string_view>

#include "support/figures.hpp"

using namespace mprofpp;
using namespace mprofpp::chart;
using test::after;
using test::figure_of;

namespace {

const LegendTable& table(const Figure& figure, std::string_view heading) {
  const auto found = std::find_if(figure.legend.begin(), figure.legend.end(),
                                  [&](const auto& t) { return t.heading == heading; });
  REQUIRE_MESSAGE(found != figure.legend.end(), "no table of ", heading);
  return *found;
}

void tell_peak(model::Sink& sink, double kernel, model::KernelPeak::Source source) {
  sink.take(model::Process{{9, 1}, 1, after(0), "grow", "grow"});
  test::tell_growing(sink);
  sink.take(model::KernelPeak{9, kernel, source});
}

}  // namespace

TEST_CASE("the highest processes are named, the others are one band") {
  const auto figure = figure_of([](model::Sink& sink) { test::tell_family(sink, 60); });
  const auto& rows = table(figure, "processes").rows;
  REQUIRE(rows.size() == 12);
  CHECK(rows[0].name == "total (61 processes)");
  CHECK(rows[1].name == "cc1plus 160 ← 100");
  CHECK(rows[10].name == "cc1plus 151 ← 100");
  CHECK(rows[11].name == "50 more");
  CHECK(figure.curves.size() == 11);
  REQUIRE(figure.areas.size() == 1);
  for (std::size_t i = 0; i < figure.areas[0].upper.size(); ++i) {
    CHECK(figure.areas[0].upper[i].mib >= figure.areas[0].lower[i].mib);
    CHECK(figure.areas[0].upper[i].mib <= 55);
    CHECK(figure.areas[0].lower[i].mib >= 1);
  }
}

TEST_CASE("one process more than there are names is named too: a band of one hides it") {
  const auto figure = figure_of([](model::Sink& sink) { test::tell_family(sink, 11); });
  CHECK(figure.areas.empty());
  CHECK(figure.curves.size() == 12);
}

TEST_CASE("no two named curves share colour and dashes") {
  const auto figure = figure_of([](model::Sink& sink) { test::tell_family(sink, 60); });
  std::set<std::tuple<Hue::Role, std::size_t, Dash>> looks;
  for (const auto& curve : figure.curves) {
    looks.insert({curve.hue.role, curve.hue.number % distinct_colours, curve.dash});
  }
  CHECK(looks.size() == figure.curves.size());
}

TEST_CASE("the peak is told with value, time and function, then shorter") {
  const auto figure = figure_of([](model::Sink& sink) {
    test::tell_growing(sink);
    sink.take(test::call("app.load", 8, 10, 0));
  });
  REQUIRE(figure.peaks.size() == 1);
  CHECK(figure.peaks[0].at == Point{10, 100});
  CHECK(figure.peaks[0].texts == std::vector<std::string>{"100.0 MiB at 10.0 s in load",
                                                          "100.0 MiB at 10.0 s", "100.0 MiB"});
}

TEST_CASE("a spike of one sample among many is the peak and is drawn") {
  const auto figure = figure_of([](model::Sink& sink) {
    test::tell_samples(sink, 500'000, 1e-4, [](int i) { return i == 123'456 ? 5000.0 : 1.0; });
  });
  CHECK(figure.peaks[0].at.mib == 5000);
  CHECK(figure.memory.high == 5000);
  std::size_t points = 0;
  for (const auto& stroke : figure.curves[0].strokes) points += stroke.size();
  CHECK(points < 5000);
}

TEST_CASE("the kernel's peak has a height and no time") {
  using Source = model::KernelPeak::Source;
  CHECK(figure_of([](model::Sink& s) { tell_peak(s, 300, Source::rusage); }).levels.size() == 1);
  CHECK(figure_of([](model::Sink& s) { tell_peak(s, 300, Source::hwm); }).memory.high == 300);
  CHECK(figure_of([](model::Sink& s) { tell_peak(s, 100.01, Source::hwm); }).levels.empty());
  CHECK(figure_of([](model::Sink& s) { tell_peak(s, 300, Source::tree_max); }).levels.empty());
}

TEST_CASE("a tree had at least what its largest process had") {
  const auto family = figure_of([](model::Sink& sink) {
    test::tell_family(sink, 3);
    sink.take(model::KernelPeak{102, 2048, model::KernelPeak::Source::hwm});
  });
  REQUIRE(family.levels.size() == 1);
  CHECK(family.levels[0].texts.back() == "at least 2.00 GiB");
  CHECK(table(family, "processes").rows[0].cells.front() == "≥ 2.00 GiB");
  CHECK(table(family, "processes").rows[1].cells.front() == "2.00 GiB");
}

TEST_CASE("a window shows the kernel's peak that was reached within it") {
  const auto grow = [](model::Sink& sink) {
    using Source = model::KernelPeak::Source;
    sink.take(model::Meta{"format", {"1"}});
    sink.take(model::Process{{100, 1}, 1, after(0), "grow", "grow"});
    for (int i = 0; i < 10; ++i) {
      sink.take(model::Sample{50, after(i)});
      if (i == 2) sink.take(model::KernelPeak{100, 200, Source::hwm});
      if (i == 4) sink.take(model::KernelPeak{100, 300, Source::hwm});
    }
  };
  const auto levels_from = [&](int first, int last) {
    const analysis::Grid window{after(0), after(first), after(last), 100,
                                analysis::Grid::Outside::cut};
    std::vector<Source> sources;
    sources.push_back({test::history_of(grow, window), "x.dat"});
    return build(sources, {}).levels;
  };
  REQUIRE(levels_from(0, 3).size() == 1);
  CHECK(levels_from(0, 3)[0].mib == 200);
  CHECK(levels_from(1, 5)[0].mib == 300);
  CHECK(levels_from(3, 9).empty());
}

TEST_CASE("eighty calls of five functions are five rows that count all") {
  const auto figure = figure_of([](model::Sink& sink) { test::tell_calls(sink, 80, 5); });
  const auto& functions = table(figure, "functions");
  REQUIRE(functions.rows.size() == 5);
  CHECK(functions.columns == std::vector<std::string>{"calls", "time", "growth"});
  for (const auto& row : functions.rows) CHECK(row.cells[0] == "16");
  CHECK(functions.rows[0].cells[2] == "+10.0 MiB");
  CHECK(figure.brackets.size() == 80);
}

TEST_CASE("of many functions those with most time are named and the others counted") {
  const auto figure = figure_of([](model::Sink& sink) { test::tell_calls(sink, 100, 50); });
  const auto& functions = table(figure, "functions");
  CHECK(functions.rows.size() == distinct_colours);
  CHECK(functions.left_out == 50 - distinct_colours);
}

TEST_CASE("of calls that crowd the same pixels the longest have brackets") {
  const auto figure = figure_of([](model::Sink& sink) {
    test::tell_samples(sink, 101, 1, [](int) { return 50; });
    for (int i = 0; i < 20; ++i) sink.take(test::call("crowd", 50 + i * 0.02, 50.01 + i * 0.02, 1));
    sink.take(test::call("around", 49.9, 50.6, 0));
    sink.take(test::call("alone", 80, 80.01, 0));
  });
  const auto count = [&](const std::string& name) {
    return std::count_if(figure.brackets.begin(), figure.brackets.end(),
                         [&](const auto& b) { return b.tooltip.starts_with(name); });
  };
  CHECK(count("around") == 1);
  CHECK(count("alone") == 1);
  CHECK(count("crowd") < 3);
  const auto& rows = table(figure, "functions").rows;
  CHECK(std::any_of(rows.begin(), rows.end(), [](auto& r) { return r.cells[0] == "20"; }));
}

TEST_CASE("a hundred thousand calls leave a picture of the longest") {
  const auto figure = figure_of([](model::Sink& sink) { test::tell_calls(sink, 100'000, 5); });
  CHECK(figure.brackets.size() <= 150);
  CHECK(table(figure, "functions").rows[0].cells[0] == "20000");
}

TEST_CASE("a bracket stands on the curve of the process it belongs to") {
  const auto figure = figure_of([](model::Sink& sink) {
    test::tell_family(sink, 2);
    auto own = test::call("own", 10, 20, 0);
    own.pid = 102;
    own.rss_in = 3;
    own.rss_out = 4;
    sink.take(own);
    auto unknown = test::call("unknown", 30, 40, 0);
    unknown.pid = 102;
    sink.take(unknown);
    auto root = test::call("root", 41, 42, 0);
    root.pid = 100;
    sink.take(root);
  });
  REQUIRE(figure.brackets.size() == 3);
  const auto& own = figure.brackets[0];
  CHECK(own.opening == Point{10, 3});
  CHECK(own.closing == Point{20, 4});
  CHECK(figure.brackets[1].opening.mib == doctest::Approx(2 + 3.0));
  CHECK(figure.brackets[1].closing.mib == doctest::Approx(2 + 4.0));
  CHECK(figure.brackets[2].opening.mib == 50);
}

TEST_CASE("calls, marks and their table can be left out") {
  const auto figure =
      figure_of([](model::Sink& sink) { test::tell_server(sink); }, {.calls = Calls::hidden});
  CHECK(figure.brackets.empty());
  CHECK(figure.flags.empty());
  CHECK(figure.legend.size() == 1);
  CHECK(figure.peaks.size() == 3);
}

TEST_CASE("open calls, groups and marks are drawn") {
  const auto figure = figure_of([](model::Sink& sink) { test::tell_server(sink); });
  CHECK(figure.flags.size() == 2);
  CHECK(std::count_if(figure.brackets.begin(), figure.brackets.end(),
                      [](const auto& b) { return b.is_open; }) == 1);
  CHECK(std::any_of(figure.brackets.begin(), figure.brackets.end(), [](const auto& b) {
    return b.tooltip == "tick · 5000 calls · 1.5 s · +256.0 KiB";
  }));
}

TEST_CASE("the slope is a column and a line for every curve") {
  const auto figure =
      figure_of([](model::Sink& sink) { test::tell_family(sink, 2); }, {.slope = Slope::line});
  const auto& processes = table(figure, "processes");
  CHECK(processes.columns == std::vector<std::string>{"peak", "slope"});
  CHECK(processes.rows[0].cells[1] == "+3600 MiB/h");
  CHECK(processes.rows[1].cells[1] == "+360 MiB/h");
  REQUIRE(figure.trends.size() == 3);
  CHECK(figure.trends.back().to.mib == doctest::Approx(71));
}

TEST_CASE("stacked layers add up to the MEM line") {
  const auto figure =
      figure_of([](model::Sink& sink) { test::tell_family(sink, 3); }, {.view = View::stack});
  REQUIRE(figure.areas.size() == 4);
  const auto& root = figure.areas.front();
  const auto& top = figure.areas.back();
  CHECK(root.upper.front().mib == doctest::Approx(20 + 4.5 - 6));
  CHECK(top.upper.front().mib == doctest::Approx(24.5));
  for (std::size_t layer = 1; layer < 4; ++layer) {
    CHECK(figure.areas[layer].lower == figure.areas[layer - 1].upper);
  }
}

TEST_CASE("a flame has a lane for every thread, greenlet and task, named for people") {
  const auto figure =
      figure_of([](model::Sink& sink) { test::tell_server(sink); }, {.lanes = Lanes::flame});
  REQUIRE(figure.flame.has_value());
  std::vector<std::string> names;
  for (const auto& lane : figure.flame->lanes) names.push_back(lane.name);
  CHECK(names == std::vector<std::string>{"cc1plus 101 · main thread", "cc1plus 101 · greenlet 2",
                                          "cc1plus 102 · main thread", "cc1plus 102 · task 7"});
  CHECK(figure.flame->lanes[0].rows == 2);
  CHECK(figure.flame->lanes[0].boxes.size() == 8);
  CHECK(figure.flame->growth_scale == 4);
  CHECK(figure.brackets.empty());
}

TEST_CASE("lanes beyond the limit are counted") {
  const auto figure = figure_of(
      [](model::Sink& sink) {
        test::tell_growing(sink);
        for (int task = 0; task < 100; ++task) {
          auto made = test::call("f", 1, 2 + task / 100.0, 0);
          made.lane = "t1.k" + std::to_string(task);
          sink.take(made);
        }
      },
      {.lanes = Lanes::flame, .max_lanes = 10});
  CHECK(figure.flame->lanes.size() == 10);
  CHECK(figure.flame->lanes_left_out == 90);
  // the busiest; those that began together by their numbers
  CHECK(figure.flame->lanes.front().name == "task 90");
  CHECK(figure.flame->lanes.back().name == "task 99");
}

TEST_CASE("lanes of a process stand in the order of their first calls, however busy they are") {
  const auto figure = figure_of(
      [](model::Sink& sink) {
        test::tell_growing(sink);
        const auto tell = [&](const std::string& lane, double from, double to) {
          auto made = test::call("f", from, to, 0);
          made.lane = lane;
          sink.take(made);
        };
        tell("t1.g10", 2, 2.1);
        tell("t1.g9", 2, 2.2);
        tell("t1.g1", 3, 4);
        tell("t1.g1", 4, 5);
        tell("t1.g2", 1, 1.5);
      },
      {.lanes = Lanes::flame});
  std::vector<std::string> names;
  for (const auto& lane : figure.flame->lanes) names.push_back(lane.name);
  CHECK(names == std::vector<std::string>{"greenlet 2", "greenlet 9", "greenlet 10", "greenlet 1"});
}

TEST_CASE("a window shows what is in it and counts time from the recording's start") {
  const analysis::Grid grid{after(0), after(2), after(4), 500, analysis::Grid::Outside::cut};
  std::vector<Source> sources;
  sources.push_back({test::history_of([](model::Sink& s) { test::tell_growing(s); }, grid), ""});
  const auto figure = build(sources, {});
  CHECK(figure.time == Range{2, 4});
  CHECK(figure.peaks[0].at == Point{4, 40});
}

TEST_CASE("several recordings lie over one another, each with its label and its peak") {
  std::vector<Source> sources;
  sources.push_back({test::history_of([](model::Sink& s) { test::tell_growing(s); }), "before"});
  sources.push_back({test::history_of([](model::Sink& s) { test::tell_family(s, 3); }), "after"});
  const auto figure = build(sources, {});
  CHECK(figure.title == "2 recordings");
  const auto& rows = table(figure, "recordings").rows;
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].name == "before");
  CHECK(rows[1].name == "after (RSS)");
  CHECK(rows[2].name == "fine: their processes");
  REQUIRE(figure.curves.size() == 5);
  CHECK(figure.curves[3].hue != figure.curves[4].hue);
  CHECK(figure.peaks.size() == 2);
  CHECK(figure.time == Range{0, 49});
}

TEST_CASE("nonsense in the file gives a figure with finite numbers") {
  const auto figure = figure_of([](model::Sink& sink) { test::tell_nonsense(sink); });
  CHECK(std::isfinite(figure.memory.low));
  CHECK(std::isfinite(figure.memory.high));
  CHECK(figure.memory.low < 0);
  for (const auto& stroke : figure.curves[0].strokes) {
    for (const auto& point : stroke) CHECK(std::isfinite(point.mib));
  }
}

TEST_CASE("the title is the command unless one is given, the subtitle says where and when") {
  const auto tell = [](model::Sink& sink) {
    test::tell_growing(sink);
    sink.take(model::Meta{"host", {"build-7"}});
  };
  const auto figure = figure_of(tell);
  CHECK(figure.title == "./grow --fast");
  CHECK(figure.subtitle == "build-7 · 20 Nov 2025, 11:25:15 UTC · 10.0 s");
  CHECK(figure_of(tell, {.title = "Mine"}).title == "Mine");
}

TEST_CASE(
    "of several recordings the processes are fine lines in the recording's colour, then a band") {
  std::vector<Source> sources;
  sources.push_back({test::history_of([](model::Sink& s) { test::tell_family(s, 30); }), "before"});
  sources.push_back({test::history_of([](model::Sink& s) { test::tell_family(s, 3); }), "after"});
  const auto figure = build(sources, {});
  CHECK(figure.curves.size() == 10 + 3 + 2);
  for (std::size_t i = 0; i < 13; ++i) {
    CHECK(figure.curves[i].weight == Weight::fine);
    const auto recording = figure.curves[i].hue.number;
    CHECK(figure.curves[i].tooltip.starts_with(recording == 0 ? "before · cc1" : "after · cc1"));
  }
  REQUIRE(figure.areas.size() == 1);
  CHECK(figure.areas[0].tooltip == "before · 20 more processes");
  CHECK(figure.areas[0].hue == figure.curves[13].hue);
}

TEST_CASE("recordings of different metrics say which is which") {
  const auto of = [](const std::string& metric) {
    return test::history_of([&](model::Sink& sink) {
      test::tell_growing(sink);
      sink.take(model::Meta{"metric", {metric}});
    });
  };
  const auto mixed = build({{of("rss"), "a"}, {of("pss"), "b"}}, {});
  CHECK(mixed.memory_name == "memory");
  CHECK(table(mixed, "recordings").rows[0].name == "a (RSS)");
  CHECK(table(mixed, "recordings").rows[1].name == "b (PSS)");
  const auto same = build({{of("uss"), "a"}, {of("uss"), "b"}}, {});
  CHECK(same.memory_name == "USS");
  CHECK(table(same, "recordings").rows[0].name == "a");
}

TEST_CASE("the root stands below the total with its own curve, colour and peak, without a parent") {
  const auto tell = [](model::Sink& sink) {
    test::tell_heading(sink, "CM");
    for (int i = 0; i < 30; ++i) {
      std::vector<std::pair<pid_t, double>> children;
      for (pid_t pid = 101; pid < 130; ++pid) children.emplace_back(pid, 50 + pid);
      test::tell_tick(sink, i, 10 + i / 10.0, children);
    }
  };
  const auto figure = figure_of(tell);
  const auto& row = table(figure, "processes").rows[1];
  CHECK(row.name == "master 100");
  CHECK(row.cells[0] == "12.9 MiB");
  CHECK(std::any_of(figure.curves.begin(), figure.curves.end(), [&](const Curve& curve) {
    return curve.hue == row.hue && curve.tooltip == "master 100 · peak 12.9 MiB at 29.0 s";
  }));
  const auto stack = figure_of(tell, {.view = View::stack});
  CHECK(table(stack, "processes").rows[1].name == "master 100");
  CHECK(table(stack, "processes").rows[1].cells[0] == "12.9 MiB");
  CHECK(stack.areas[0].upper.back().mib == doctest::Approx(12.9));
}

TEST_CASE("a stack does not give the root what a process held that has ended") {
  const auto figure = figure_of(
      [](model::Sink& sink) {
        test::tell_heading(sink, "CM");
        for (int i = 0; i < 20; ++i) test::tell_tick(sink, i, 10, {{101, 100}});
        for (int i = 20; i < 40; ++i) test::tell_tick(sink, i, 10, {});
      },
      {.view = View::stack});
  for (const auto& point : figure.areas[0].upper) CHECK(point.mib == doctest::Approx(10));
}

TEST_CASE("of several attached processes the line is their total and no kernel's peak is its own") {
  const auto figure = figure_of([](model::Sink& sink) {
    sink.take(model::Meta{"format", {"1"}});
    sink.take(model::Meta{"root", {"100", "101"}});
    sink.take(model::Meta{"tree", {"M"}});
    for (pid_t pid : {100, 101}) sink.take(model::Process{{pid, 1}, 5, after(0), "app", "app"});
    for (int i = 0; i < 5; ++i) test::tell_tick(sink, i, 0, {{100, 10}, {101, 20}});
    sink.take(model::KernelPeak{100, 900, model::KernelPeak::Source::hwm});
  });
  const auto& rows = table(figure, "processes").rows;
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].name == "total (2 processes)");
  CHECK(rows[1].name == "app 100 ← 5");
  CHECK(rows[1].cells.front() == "900.0 MiB");
  CHECK(figure.levels.empty());
}

TEST_CASE("what the recorder missed is told below the title") {
  const auto tell = [](model::Sink& sink) {
    test::tell_heading(sink, "-");
    for (int i = 0; i < 10; ++i) test::tell_tick(sink, i, 10, {});
    sink.take(model::Lost{after(5), "ticks", 1});
    sink.take(model::Lost{after(6), "marks", 12});
    for (int i = 0; i < 2001; ++i) sink.take(model::PointMark{after(7), 0, "m"});
  };
  const std::string missed = " · 1 tick missed";
  const std::string marks = " · 12 marks lost · 1 mark not drawn";
  CHECK(figure_of(tell).subtitle.ends_with(missed + marks));
  CHECK(figure_of(tell, {.calls = Calls::hidden}).subtitle.ends_with(missed));
}

TEST_CASE(
    "time in which nothing could be recorded is told below the title and marked in the chart") {
  const auto figure = figure_of([](model::Sink& sink) {
    test::tell_heading(sink, "-");
    for (int i = 0; i < 10; ++i) test::tell_tick(sink, i, 10, {});
    sink.take(model::Suspended{after(30), std::chrono::seconds(21)});
    for (int i = 30; i < 40; ++i) test::tell_tick(sink, i, 10, {});
  });
  CHECK(figure.subtitle.ends_with(" · 39.0 s · suspended for 21.0 s"));
  REQUIRE(figure.flags.size() == 1);
  CHECK(figure.flags[0].text == "suspended for 21.0 s");
}

TEST_CASE("a gap is told below the title and the band has it too") {
  const auto figure = figure_of([](model::Sink& sink) {
    test::tell_heading(sink, "CM");
    std::vector<std::pair<pid_t, double>> children;
    for (pid_t pid = 101; pid < 130; ++pid) children.emplace_back(pid, 50);
    for (int i = 0; i < 10; ++i) test::tell_tick(sink, i, 10, children);
    sink.take(model::Lost{after(9), "ticks", 20});
    for (int i = 30; i < 40; ++i) test::tell_tick(sink, i, 10, children);
  });
  CHECK(figure.subtitle.ends_with(" · 39.0 s · 1 gap, 20 ticks missed"));
  REQUIRE(figure.areas.size() == 2);
  CHECK(figure.areas[0].upper.back().seconds < 10);
  CHECK(figure.areas[1].upper.front().seconds > 29);
}
