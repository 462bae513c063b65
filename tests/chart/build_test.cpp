#include "mprofpp/chart/build.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string_view>

#include "mprofpp/dat/lane.hpp"
#include "support/figures.hpp"

using namespace mprofpp;
using namespace mprofpp::chart;
using test::after;
using test::figure_of;

namespace {

using Texts = std::vector<std::string>;

const LegendTable& table(const Figure& figure, std::string_view heading) {
  const auto found = std::find_if(figure.legend.begin(), figure.legend.end(),
                                  [&](const auto& t) { return t.heading == heading; });
  REQUIRE_MESSAGE(found != figure.legend.end(), "no table of ", heading);
  return *found;
}

void feed_peak(model::Sink& sink, double kernel, model::KernelPeak::Source source) {
  sink.take(model::Settings{.roots = {9}});
  sink.take(model::Process{{9, 1}, 1, after(0), "grow", "grow"});
  test::feed_growing(sink);
  sink.take(model::KernelPeak{9, kernel, source});
}

std::vector<std::string> panel_names(const Figure& figure) {
  std::vector<std::string> names;
  for (const auto& panel : figure.flame->panels) names.push_back(panel.name);
  return names;
}

/// A master with children of different names, the n-th of which has n letters and n MiB.
void feed_different(model::Sink& sink, int children) {
  test::feed_header(sink, model::Children::summed_and_apart);
  std::vector<std::pair<pid_t, double>> all;
  for (pid_t child = 1; child <= children; ++child) {
    const std::string name(static_cast<std::size_t>(child), 'x');
    sink.take(model::Process{{100 + child, 2}, 100, after(0), name, name});
    all.emplace_back(100 + child, child);
  }
  for (int tick = 0; tick < 50; ++tick) test::feed_tick(sink, tick, 10, all);
}

/// Fifty short calls that add a MiB each, between long ones that add nothing.
void feed_leak(model::Sink& sink) {
  test::feed_samples(sink, 51, 1, [](int i) { return 10.0 + i; });
  const auto feed = [&](const std::string& name, double from, double to, double in, double out) {
    auto made = test::call(name, from, to, 0);
    made.mib_in = in;
    made.mib_out = out;
    sink.take(made);
  };
  for (int i = 0; i < 50; ++i) {
    feed("app.load_user", i + 0.001, i + 0.002, 10 + i, 11 + i);
    for (int k = 0; k < 9; ++k)
      feed("app.search", i + 0.003 + k * 0.1, i + 0.1 + k * 0.1, 11 + i, 11 + i);
  }
}

void feed_call(model::Sink& sink, pid_t pid, const std::string& lane, double from, double to) {
  auto made = test::call("f", from, to, 0);
  made.pid = pid;
  made.lane = dat::to_lane(lane);
  sink.take(made);
}

}  // namespace

TEST_CASE("the highest processes are named, and the others are one band") {
  const auto figure = figure_of([](model::Sink& sink) { feed_different(sink, 60); });
  const auto& rows = table(figure, "processes").rows;
  REQUIRE(rows.size() == 12);
  CHECK(rows[0].name == "total (61 processes)");
  CHECK(rows[1].name == "master 100");
  CHECK(rows[2].name == std::string(60, 'x') + " 160 ← 100");
  CHECK(rows[10].name == std::string(52, 'x') + " 152 ← 100");
  CHECK(rows[11].name == "51 more");
  CHECK(figure.curves.size() == 11);
  REQUIRE(figure.areas.size() == 1);
  for (std::size_t i = 0; i < figure.areas[0].upper.size(); ++i) {
    CHECK(figure.areas[0].upper[i].mib == 51);
    CHECK(figure.areas[0].lower[i].mib == 1);
  }
}

TEST_CASE("one process more than the limit is named too: a band of one would hide it") {
  const auto figure = figure_of([](model::Sink& sink) { feed_different(sink, 10); });
  CHECK(figure.areas.empty());
  CHECK(figure.curves.size() == 12);
}

TEST_CASE("processes with the same title are one band, and one with an unusual peak is a line") {
  const auto feed = [](model::Sink& sink, pid_t large) {
    test::feed_header(sink, model::Children::summed_and_apart);
    for (pid_t pid = 101; pid < 110; ++pid) {
      const auto title = "server: worker " + std::to_string(pid - 100);
      sink.take(model::Process{{pid, 1}, 100, after(0), "server", title});
    }
    for (int i = 0; i < 3; ++i) {
      std::vector<std::pair<pid_t, double>> children;
      for (pid_t pid = 101; pid < 110; ++pid) children.emplace_back(pid, pid == large ? 200 : 50);
      test::feed_tick(sink, i, 10, children);
    }
  };
  const auto alike = figure_of([&](model::Sink& sink) { feed(sink, 0); });
  const auto& rows = table(alike, "processes").rows;
  REQUIRE(rows.size() == 3);
  CHECK(rows[2].name == "server: worker … ×9");
  CHECK(rows[2].symbol == Symbol::area);
  CHECK(rows[2].cells == std::vector<std::string>{"≤ 50.0 MiB"});
  CHECK(alike.areas.size() == 1);
  CHECK(alike.ends[1].value == "peaks ≤ 50.0 MiB");

  const auto one_leaks = figure_of([&](model::Sink& sink) { feed(sink, 105); });
  const auto& with_outlier = table(one_leaks, "processes").rows;
  REQUIRE(with_outlier.size() == 4);
  CHECK(with_outlier[2].name == "server: worker 5 105 ← 100");
  CHECK(with_outlier[3].name == "server: worker … ×8");
}

TEST_CASE("a number that all titles of a group have stays in its name") {
  const auto figure = figure_of([](model::Sink& sink) {
    test::feed_header(sink, model::Children::summed_and_apart);
    std::vector<std::pair<pid_t, double>> children;
    for (pid_t pid = 101; pid < 107; ++pid) {
      sink.take(model::Process{{pid, 1}, 100, after(0), "python3", "python3 fork.py"});
      children.emplace_back(pid, 50);
    }
    for (int i = 0; i < 3; ++i) test::feed_tick(sink, i, 10, children);
    sink.take(model::Exit{101, after(2.5), 0});
  });
  const auto& row = table(figure, "processes").rows.back();
  CHECK(row.name == "python3 fork.py ×6");
  REQUIRE(figure.events.size() == 1);
  CHECK(figure.events[0].hue == row.hue);
}

TEST_CASE("the total in PSS has a name at its end, and a bound if it is not of the peak") {
  for (const bool is_late : {true, false}) {
    const auto figure = figure_of([&](model::Sink& sink) {
      test::feed_header(sink, model::Children::summed);
      for (int i = 0; i < 100; ++i) {
        model::Sample sample{10.0 + i, after(i)};
        if (is_late ? i > 95 : i < 5) sample.extra_readings = {{model::Metric::pss, 5.0}};
        sink.take(sample);
      }
    });
    REQUIRE(figure.ends.size() == 2);
    CHECK(figure.ends[1].name == "total in PSS");
    CHECK(figure.ends[1].value == (is_late ? "peak 5.0 MiB" : "peak ≥ 5.0 MiB"));
  }
}

TEST_CASE("calls are not blamed for a peak in another metric than RSS") {
  const auto figure_in = [](model::Metric metric) {
    return figure_of([&](model::Sink& sink) {
      sink.take(model::Settings{.format = 1, .metric = metric, .roots = {9}});
      sink.take(model::Process{{9, 1}, 1, after(0), "job", "job"});
      test::feed_samples(sink, 11, 1, [](int i) { return 10.0 * i; });
      auto call = test::call("load", 1, 10, 0);
      call.pid = 9;
      call.rss_in = 10;
      call.rss_out = 100;
      sink.take(call);
    });
  };
  CHECK(figure_in(model::Metric::rss).peaks[0].labels[0].ends_with("in load"));
  CHECK_FALSE(figure_in(model::Metric::vms).peaks[0].labels[0].ends_with("in load"));
}

TEST_CASE("a few processes with the same title are lines") {
  const auto figure = figure_of([](model::Sink& sink) { test::feed_family(sink, 4); });
  CHECK(figure.areas.empty());
  CHECK(figure.curves.size() == 5);
}

TEST_CASE("a process has the same colour in every view, also when others are added") {
  const auto hue_in = [](const Figure& figure, std::string_view name) {
    for (const auto& row : table(figure, "processes").rows) {
      if (row.name.starts_with(name)) return row.hue;
    }
    return Hue{Hue::Role::paper};
  };
  const auto feed = [](int n) { return [n](model::Sink& sink) { feed_different(sink, n); }; };
  const auto lines = figure_of(feed(5));
  const auto stack = figure_of(feed(5), {.view = View::stack});
  const auto longer = figure_of(feed(7));
  for (const std::string name : {"master 100", "xxxx 104", "xxxxx 105"}) {
    CAPTURE(name);
    CHECK(hue_in(lines, name).role == Hue::Role::numbered);
    CHECK(hue_in(stack, name) == hue_in(lines, name));
    CHECK(hue_in(longer, name) == hue_in(lines, name));
  }
}

TEST_CASE("curves have names for their ends, with their peaks") {
  const auto figure = figure_of([](model::Sink& sink) { test::feed_family(sink, 2); });
  REQUIRE(figure.ends.size() == 3);
  CHECK(figure.ends[0].name == "cc1plus 102");
  CHECK(figure.ends[0].at.seconds == 49);
  CHECK(figure.ends[0].at.mib == doctest::Approx(6.9));
  CHECK(figure.ends[0].value == "peak 6.9 MiB");
  CHECK(figure.ends[2].name == "total");
}

TEST_CASE("starts, exits and changes of program are events, without those of the beginning") {
  const auto figure = figure_of([](model::Sink& sink) {
    test::feed_header(sink, model::Children::summed_and_apart);
    test::feed_tick(sink, 0, 10, {});
    sink.take(model::Process{{101, 2}, 100, after(1), "sh", "sh"});
    test::feed_tick(sink, 1, 10, {{101, 5}});
    sink.take(model::Process{{101, 2}, 100, after(1.5), "job", "job"});
    sink.take(model::Process{{101, 2}, 100, after(2), "job", "job: second title"});
    sink.take(model::Process{{101, 2}, 100, after(4), "other", "other"});
    test::feed_tick(sink, 4, 10, {{101, 5}});
    sink.take(model::Exit{101, after(5), 0});
    sink.take(model::Exit{101, after(5.1), 0});
    test::feed_tick(sink, 6, 10, {});
  });
  REQUIRE(figure.events.size() == 3);
  CHECK(figure.events[0].kind == EventTick::Kind::birth);
  CHECK(figure.events[0].seconds == 1);
  CHECK(figure.events[1].kind == EventTick::Kind::change);
  CHECK(figure.events[1].seconds == 4);
  CHECK(figure.events[2].kind == EventTick::Kind::death);
  CHECK(figure.events[2].tooltip == "sh 101 ← 100 exited at 5.0 s");
}

TEST_CASE("workers that are replaced have a flag, compilers that follow each other do not") {
  const auto flags_of = [](int step) {
    const auto figure = figure_of([&](model::Sink& sink) {
      test::feed_header(sink, model::Children::summed_and_apart);
      for (pid_t pid = 101; pid < 104; ++pid)
        sink.take(model::Process{{pid, 1}, 100, after(0), "worker", "worker"});
      for (int t = 0; t < 40; ++t) {
        test::feed_tick(sink, t, 10, {});
        const bool is_time = step == 0 ? t == 20 : t % step == 0;
        for (pid_t pid = 101; is_time && pid < 104; ++pid) {
          sink.take(model::Exit{pid, after(t + 0.1), 0});
          sink.take(model::Process{
              {pid, 50U + static_cast<unsigned>(t)}, 100, after(t + 0.2), "worker", "worker"});
        }
      }
    });
    return figure.flags;
  };
  REQUIRE(flags_of(0).size() == 1);
  CHECK(flags_of(0)[0].text == "3 replaced: worker");
  CHECK(flags_of(1).empty());
}

TEST_CASE("no two named curves share colour and dashes") {
  const auto figure = figure_of([](model::Sink& sink) { test::feed_family(sink, 60); });
  std::set<std::tuple<Hue::Role, std::size_t, Dash>> looks;
  for (const auto& curve : figure.curves) {
    looks.insert({curve.hue.role, curve.hue.number % distinct_colours, curve.dash});
  }
  CHECK(looks.size() == figure.curves.size());
}

TEST_CASE("the label of the peak has its value, time and function, then fewer of them") {
  const auto figure = figure_of([](model::Sink& sink) {
    test::feed_growing(sink);
    auto load = test::call("app.load", 4, 10, 0);
    load.mib_in = 40;
    sink.take(load);
  });
  REQUIRE(figure.peaks.size() == 1);
  CHECK(figure.peaks[0].at == Point{10, 100});
  CHECK(figure.peaks[0].labels == std::vector<std::string>{"100.0 MiB at 10.0 s in load",
                                                           "100.0 MiB at 10.0 s", "100.0 MiB"});
}

TEST_CASE("a function that only happened to run is not named at the peak") {
  const auto figure = figure_of([](model::Sink& sink) {
    test::feed_growing(sink);
    auto search = test::call("app.search", 9, 10, 0);
    search.mib_in = 90;
    sink.take(search);
  });
  CHECK(figure.peaks[0].labels.front() == "100.0 MiB at 10.0 s");
}

TEST_CASE("the innermost of the calls that made the peak is named") {
  const auto figure = figure_of([](model::Sink& sink) {
    test::feed_growing(sink);
    const auto feed = [&](const std::string& name, double from, int level) {
      auto made = test::call(name, from, 10, level);
      made.mib_in = 10 * from;
      sink.take(made);
    };
    feed("main", 1, 0);
    feed("load", 3, 1);
    feed("last_chunk", 9, 2);
  });
  CHECK(figure.peaks[0].labels.front() == "100.0 MiB at 10.0 s in load");
}

TEST_CASE("in a tree, a call made the peak only if its own process grew enough") {
  const auto label_if_child_had = [](double before) {
    const auto figure = figure_of([&](model::Sink& sink) {
      test::feed_header(sink, model::Children::summed_and_apart);
      test::feed_tick(sink, 0, 10, {{101, before}});
      test::feed_tick(sink, 1, 10, {{101, before}});
      test::feed_tick(sink, 2, 100, {{101, 150}});
      auto load = test::call("load", 1, 3, 0);
      load.pid = 101;
      load.rss_in = before;
      sink.take(load);
    });
    return figure.peaks[0].labels.front();
  };
  CHECK(label_if_child_had(10) == "250.0 MiB at 2.0 s in load");
  CHECK(label_if_child_had(100) == "250.0 MiB at 2.0 s");
}

TEST_CASE("a spike of one sample among many is the peak and is drawn") {
  const auto figure = figure_of([](model::Sink& sink) {
    test::feed_samples(sink, 500'000, 1e-4, [](int i) { return i == 123'456 ? 5000.0 : 1.0; });
  });
  CHECK(figure.peaks[0].at.mib == 5000);
  CHECK(figure.memory.high == 5000);
  std::size_t points = 0;
  for (const auto& stroke : figure.curves[0].strokes) points += stroke.size();
  CHECK(points < 5000);
}

TEST_CASE("the kernel's peak has a level and no time") {
  using Source = model::KernelPeak::Source;
  CHECK(figure_of([](model::Sink& s) { feed_peak(s, 300, Source::rusage); }).levels.size() == 1);
  CHECK(figure_of([](model::Sink& s) { feed_peak(s, 300, Source::hwm); }).memory.high == 300);
  CHECK(figure_of([](model::Sink& s) { feed_peak(s, 100.01, Source::hwm); }).levels.empty());
  CHECK(figure_of([](model::Sink& s) { feed_peak(s, 300, Source::tree_max); }).levels.empty());
}

TEST_CASE("a tree had at least as much as its largest process") {
  const auto family = figure_of([](model::Sink& sink) {
    test::feed_family(sink, 3);
    sink.take(model::KernelPeak{102, 2048, model::KernelPeak::Source::hwm});
  });
  REQUIRE(family.levels.size() == 1);
  CHECK(family.levels[0].labels.back() == "at least 2.00 GiB");
  CHECK(table(family, "processes").rows[0].cells.front() == "≥ 2.00 GiB");
  CHECK(table(family, "processes").rows[1].cells.front() == "2.00 GiB");
}

TEST_CASE("a window shows the kernel's peak that was reached within it") {
  const auto grow = [](model::Sink& sink) {
    using Source = model::KernelPeak::Source;
    sink.take(model::Settings{.format = 1, .roots = {100}});
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

TEST_CASE("forty calls of five functions are five rows that count all calls") {
  const auto figure = figure_of([](model::Sink& sink) { test::feed_calls(sink, 40, 5); });
  const auto& functions = table(figure, "functions");
  REQUIRE(functions.rows.size() == 5);
  CHECK(functions.columns == std::vector<std::string>{"calls", "time", "added", "largest"});
  for (const auto& row : functions.rows) CHECK(row.cells[0] == "8");
  CHECK(functions.rows[0].cells[3] == "+10.0 MiB");
  CHECK(figure.brackets.size() == 40);
  CHECK(figure.strips.empty());
}

TEST_CASE("more calls than have room for brackets are strips, one for each function") {
  const auto figure = figure_of([](model::Sink& sink) { test::feed_calls(sink, 500, 5); });
  CHECK(figure.brackets.empty());
  REQUIRE(figure.strips.size() == 5);
  CHECK(figure.strips[0].name == table(figure, "functions").rows[0].name);
  CHECK(figure.strips[0].hue == table(figure, "functions").rows[0].hue);
  CHECK(figure.strips[0].detail.ends_with(" · 100 calls"));
  for (const auto& block : figure.strips[0].blocks) {
    CHECK(figure.time.contains(block.begin));
    CHECK(block.density > 0);
    CHECK(block.density <= 1);
  }
}

namespace {

/// A census of one type: objects of 1 KiB.
void feed_objects(model::Sink& sink, pid_t pid, double seconds, const std::string& type,
                  std::uint64_t count) {
  sink.take(model::ObjectCount{after(seconds), pid, "", count, 1024 * count});
  sink.take(model::ObjectCount{after(seconds), pid, type, count, 1024 * count});
}

}  // namespace

TEST_CASE("types of objects that grow are strips, summed over the processes") {
  const auto figure = figure_of([](model::Sink& sink) {
    test::feed_samples(sink, 101, 0.1, [](int) { return 100.0; });
    for (const pid_t pid : {7, 8}) {
      feed_objects(sink, pid, 1, "app.User", 1000);
      feed_objects(sink, pid, 1, "app.Steady", 500);
      feed_objects(sink, pid, 5, "app.User", 2024);
      feed_objects(sink, pid, 8, "app.Steady", 500);
    }
  });
  REQUIRE(figure.strips.size() == 1);
  const auto& strip = figure.strips[0];
  CHECK(strip.name == "app.User");
  CHECK(strip.detail == "+2,048 objects · +2.0 MiB");
  REQUIRE(strip.levels.size() == 3);
  CHECK(strip.levels[0].seconds == doctest::Approx(1));
  CHECK(strip.levels[0].mib == doctest::Approx(2000 / 1024.0));
  CHECK(strip.levels[1].seconds == doctest::Approx(5));
  CHECK(strip.levels[2].seconds == doctest::Approx(8));
  CHECK(strip.levels[2].mib == strip.levels[1].mib);
}

TEST_CASE("types whose growth is lost next to that of others have no strip, except for classes") {
  const auto figure = figure_of([](model::Sink& sink) {
    test::feed_samples(sink, 101, 0.1, [](int) { return 100.0; });
    for (const auto& [type, count] : {std::pair("list", 50'000), {"set", 1}, {"app.User", 40}}) {
      feed_objects(sink, 7, 1, type, 0);
      feed_objects(sink, 7, 5, type, static_cast<std::uint64_t>(count));
    }
  });
  REQUIRE(figure.strips.size() == 2);
  CHECK(figure.strips[0].name == "list");
  CHECK(figure.strips[1].name == "app.User");
}

TEST_CASE("objects of a process that has exited are gone") {
  const auto figure = figure_of([](model::Sink& sink) {
    test::feed_samples(sink, 101, 0.1, [](int) { return 100.0; });
    feed_objects(sink, 7, 1, "app.User", 1000);
    feed_objects(sink, 8, 1, "app.User", 100);
    sink.take(model::Exit{8, after(3), 0});
    feed_objects(sink, 7, 5, "app.User", 1500);
  });
  REQUIRE(figure.strips.size() == 1);
  CHECK(figure.strips[0].detail.starts_with("+400 objects"));
}

TEST_CASE("the function that adds most comes first, however little time its calls take") {
  const auto figure = figure_of(feed_leak);
  const auto& rows = table(figure, "functions").rows;
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].name == "load_user");
  CHECK(rows[0].cells == std::vector<std::string>{"50", "50 ms", "+50.0 MiB", "+1.0 MiB"});
  CHECK(rows[1].name == "search");
  REQUIRE(figure.strips.size() == 2);
  CHECK(figure.strips[0].name == "load_user");
  CHECK(figure.strips[0].detail == "+50.0 MiB · 50 calls");
}

TEST_CASE("a strip shows a function's calls although other calls fill the same pixels") {
  const auto figure = figure_of(feed_leak);
  REQUIRE(figure.strips.size() == 2);
  CHECK(figure.strips[0].blocks.size() == 50);
  const auto busiest = [](const Strip& strip) {
    double density = 0;
    for (const auto& block : strip.blocks) density = std::max(density, block.density);
    return density;
  };
  CHECK(busiest(figure.strips[0]) < busiest(figure.strips[1]));
}

TEST_CASE("a function that added a notable part has a row, however many took more time") {
  const auto figure = figure_of([](model::Sink& sink) {
    test::feed_growing(sink);
    for (int i = 0; i < 20; ++i) {
      auto busy = test::call("busy" + std::to_string(i), i * 0.4, i * 0.4 + 0.3, 0);
      busy.mib_out = busy.mib_in;
      sink.take(busy);
    }
    sink.take(test::call("leak", 9, 9.001, 0));
  });
  CHECK(table(figure, "functions").rows[0].name == "leak");
}

TEST_CASE("with several curves, colours mean processes and functions have none") {
  const auto figure = figure_of([](model::Sink& sink) { test::feed_server(sink); });
  for (const auto& row : table(figure, "functions").rows) CHECK(row.symbol == Symbol::none);
  std::set<std::size_t> of_curves;
  for (const auto& curve : figure.curves) of_curves.insert(curve.hue.number);
  REQUIRE_FALSE(figure.brackets.empty());
  for (const auto& bracket : figure.brackets) {
    CHECK(bracket.hue.role == Hue::Role::numbered);
    CHECK(of_curves.contains(bracket.hue.number));
  }
}

TEST_CASE("boxes of a process have its colour, and a function has another shade than its caller") {
  const auto figure =
      figure_of([](model::Sink& sink) { test::feed_server(sink); }, {.lanes = Lanes::flame});
  CHECK(figure.flame->colour == BoxColour::process);
  for (const auto& panel : figure.flame->panels) {
    REQUIRE(panel.hue.has_value());
    std::map<int, std::size_t> tint_of_row;
    for (const auto& box : panel.tracks[0].boxes) {
      CHECK(box.hue == *panel.hue);
      if (box.name == "handle" || box.name == "query") tint_of_row[box.row] = box.tint;
    }
    if (tint_of_row.size() == 2) CHECK(tint_of_row[0] != tint_of_row[1]);
  }
}

TEST_CASE("next to colours of functions, all processes are grey") {
  const auto figure = figure_of([](model::Sink& sink) { test::feed_server(sink); },
                                {.lanes = Lanes::flame, .box_colour = BoxColour::function});
  for (const auto& curve : figure.curves) CHECK(curve.hue.role != Hue::Role::numbered);
  CHECK_FALSE(figure.flame->panels[0].hue.has_value());
  CHECK(table(figure, "functions").rows[0].symbol == Symbol::box);
  CHECK(table(figure, "functions").rows[0].hue.role == Hue::Role::numbered);
}

TEST_CASE("groups that follow one another are one box that counts the calls of its function") {
  const auto figure = figure_of(
      [](model::Sink& sink) {
        test::feed_growing(sink);
        for (int i = 0; i < 10; ++i) {
          sink.take(model::CallGroup{"app.search", 1, dat::to_lane("t1"), 0, after(i),
                                     after(i + 0.999), 1177, 0.5, 1, 2, 0});
        }
      },
      {.lanes = Lanes::flame});
  const auto& boxes = figure.flame->panels[0].tracks[0].boxes;
  REQUIRE(boxes.size() == 1);
  CHECK(boxes[0].name == "search ×11,770");
}

TEST_CASE("the growth scale ends at the largest single call, not at a sum of merged ones") {
  const auto figure = figure_of(
      [](model::Sink& sink) {
        test::feed_growing(sink);
        sink.take(test::call("one", 1, 2, 0));
        sink.take(model::CallGroup{"many", 1, dat::to_lane("t1"), 0, after(3), after(9), 9000, 5, 1,
                                   80, 77});
      },
      {.lanes = Lanes::flame, .box_colour = BoxColour::growth});
  CHECK(figure.flame->growth_scale == 10);
}

TEST_CASE("with many functions, those with the most time are named and the others counted") {
  const auto figure = figure_of([](model::Sink& sink) { test::feed_calls(sink, 100, 50); });
  const auto& functions = table(figure, "functions");
  CHECK(functions.rows.size() == distinct_colours);
  CHECK(functions.left_out == 50 - distinct_colours);
}

TEST_CASE("if calls crowd the same pixels, the longest have brackets") {
  const auto figure = figure_of([](model::Sink& sink) {
    test::feed_samples(sink, 101, 1, [](int) { return 50; });
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

TEST_CASE("the picture of a hundred thousand calls shows the longest") {
  const auto figure = figure_of([](model::Sink& sink) { test::feed_calls(sink, 100'000, 5); });
  CHECK(figure.brackets.size() <= 150);
  CHECK(table(figure, "functions").rows[0].cells[0] == "20,000");
}

TEST_CASE("a bracket is on the curve of the process that it belongs to") {
  const auto figure = figure_of([](model::Sink& sink) {
    test::feed_family(sink, 2);
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
      figure_of([](model::Sink& sink) { test::feed_server(sink); }, {.calls = Calls::hidden});
  CHECK(figure.brackets.empty());
  CHECK(figure.flags.empty());
  CHECK(figure.legend.size() == 1);
  CHECK(figure.peaks.size() == 3);
}

TEST_CASE("open calls, groups and marks are drawn") {
  const auto figure = figure_of([](model::Sink& sink) { test::feed_server(sink); });
  CHECK(figure.flags.size() == 2);
  CHECK(std::count_if(figure.brackets.begin(), figure.brackets.end(),
                      [](const auto& b) { return b.is_open; }) == 1);
  CHECK(std::any_of(figure.brackets.begin(), figure.brackets.end(), [](const auto& b) {
    return b.tooltip == "tick · 5,000 calls · 1.5 s · +256.0 KiB";
  }));
}

TEST_CASE("the slope is a column and a line for every curve") {
  const auto figure =
      figure_of([](model::Sink& sink) { test::feed_family(sink, 2); }, {.slope = Slope::line});
  const auto& processes = table(figure, "processes");
  CHECK(processes.columns == std::vector<std::string>{"peak", "slope"});
  CHECK(processes.rows[0].cells[1] == "+1.00 MiB/s");
  CHECK(processes.rows[1].cells[1] == "+102 KiB/s");
  REQUIRE(figure.trends.size() == 3);
}

TEST_CASE("the line of a slope leaves out the start and the end, as its figure does") {
  const auto figure =
      figure_of([](model::Sink& sink) { test::feed_family(sink, 2); }, {.slope = Slope::line});
  const auto& total = figure.trends.back();
  CHECK(total.from.seconds == doctest::Approx(4.9));
  CHECK(total.to.seconds == doctest::Approx(44.1));
  CHECK(total.to.mib == doctest::Approx(66.1));
}

TEST_CASE("slopes of several recordings have the unit that fits the longest of them") {
  const auto of = [](int count) {
    return test::history_of(
        [=](model::Sink& sink) { test::feed_samples(sink, count, 1, [](int i) { return i; }); });
  };
  const auto figure = build({{of(100), "short"}, {of(200), "long"}}, {.slope = Slope::line});
  CHECK(table(figure, "recordings").rows[0].cells[1] == "+60.0 MiB/min");
  CHECK(table(figure, "recordings").rows[1].cells[1] == "+60.0 MiB/min");
}

TEST_CASE("stacked layers add up to the MEM line") {
  const auto figure =
      figure_of([](model::Sink& sink) { test::feed_family(sink, 3); }, {.view = View::stack});
  REQUIRE(figure.areas.size() == 4);
  const auto& root = figure.areas.front();
  const auto& top = figure.areas.back();
  CHECK(root.upper.front().mib == doctest::Approx(20 + 4.5 - 6));
  CHECK(top.upper.front().mib == doctest::Approx(24.5));
  for (std::size_t layer = 1; layer < 4; ++layer) {
    CHECK(figure.areas[layer].lower == figure.areas[layer - 1].upper);
  }
}

TEST_CASE("a flame chart has a lane with a readable name for every thread, greenlet and task") {
  const auto figure =
      figure_of([](model::Sink& sink) { test::feed_server(sink); }, {.lanes = Lanes::flame});
  REQUIRE(figure.flame.has_value());
  CHECK(panel_names(figure) ==
        std::vector<std::string>{"cc1plus 101 · main thread", "cc1plus 101 · greenlet 2",
                                 "cc1plus 102 · main thread", "cc1plus 102 · task 7"});
  REQUIRE(figure.flame->panels[0].tracks.size() == 1);
  CHECK(figure.flame->panels[0].tracks[0].rows == 2);
  CHECK(figure.flame->panels[0].tracks[0].boxes.size() == 8);
  CHECK(figure.flame->growth_scale == 4);
  CHECK(figure.brackets.empty());
}

TEST_CASE("lanes beyond the limit are counted") {
  const auto figure = figure_of(
      [](model::Sink& sink) {
        test::feed_growing(sink);
        for (int task = 0; task < 100; ++task) {
          auto made = test::call("f", 1, 2 + task / 100.0, 0);
          made.lane = dat::to_lane("t1.k" + std::to_string(task));
          sink.take(made);
        }
      },
      {.lanes = Lanes::flame, .max_tracks = 10});
  CHECK(figure.flame->panels.size() == 10);
  CHECK(figure.flame->tracks_left_out == 90);
  // the busiest ones; lanes that start together are ordered by number
  CHECK(figure.flame->panels.front().name == "task 90");
  CHECK(figure.flame->panels.back().name == "task 99");
}

TEST_CASE("lanes of a process are in the order of their first calls, however busy they are") {
  const auto figure = figure_of(
      [](model::Sink& sink) {
        test::feed_growing(sink);
        feed_call(sink, 0, "t1.g10", 2, 8.1);
        feed_call(sink, 0, "t1.g9", 2, 8.2);
        feed_call(sink, 0, "t1.g1", 3, 9);
        feed_call(sink, 0, "t1.g2", 1, 8);
      },
      {.lanes = Lanes::flame});
  CHECK(panel_names(figure) ==
        std::vector<std::string>{"greenlet 2", "greenlet 9", "greenlet 10", "greenlet 1"});
}

TEST_CASE("three hundred threads, one after another, share one track") {
  const auto figure = figure_of(
      [](model::Sink& sink) {
        test::feed_growing(sink);
        feed_call(sink, 9, "t9", 0, 10);
        for (int i = 0; i < 300; ++i) {
          const auto lane = "t" + std::to_string(1000 + i);
          feed_call(sink, 9, lane, 1 + i * 0.1, 1.06 + i * 0.1);
        }
      },
      {.lanes = Lanes::flame});
  CHECK(panel_names(figure) ==
        std::vector<std::string>{"process 9 · main thread", "process 9 · 300 threads"});
  const auto& panel = figure.flame->panels.back();
  REQUIRE(panel.tracks.size() == 1);
  REQUIRE(panel.tracks[0].boxes.size() == 300);
  CHECK(panel.tracks[0].boxes[7].tooltip.ends_with(" · thread 1007"));
}

TEST_CASE("calls of threads that share a track are merged if they are shorter than a pixel") {
  const auto figure = figure_of(
      [](model::Sink& sink) {
        test::feed_growing(sink);
        for (int i = 0; i < 20'000; ++i) {
          feed_call(sink, 9, "t" + std::to_string(1000 + i), i * 0.0004, i * 0.0004 + 0.0003);
        }
        feed_call(sink, 9, "t999", 9, 10);
      },
      {.lanes = Lanes::flame});
  REQUIRE(panel_names(figure) == std::vector<std::string>{"process 9 · 20001 threads"});
  const auto& boxes = figure.flame->panels[0].tracks[0].boxes;
  REQUIRE(boxes.size() == 2);
  CHECK(boxes[1].tooltip.ends_with(" · thread 999"));
  CHECK(boxes[0].name == "f ×20,000");
  CHECK(boxes[0].end == doctest::Approx(8));
}

TEST_CASE("a few lanes that share a track are named by their numbers") {
  const auto figure = figure_of(
      [](model::Sink& sink) {
        test::feed_growing(sink);
        feed_call(sink, 0, "t12", 1, 2);
        feed_call(sink, 0, "t7", 3, 4);
        for (int i = 0; i < 9; ++i) feed_call(sink, 0, "t1.k" + std::to_string(i), i, i + 0.5);
      },
      {.lanes = Lanes::flame});
  CHECK(panel_names(figure) == std::vector<std::string>{"tasks", "threads 7, 12"});
}

TEST_CASE("every process has a track before any process has a second one, however busy it is") {
  const auto figure = figure_of(
      [](model::Sink& sink) {
        test::feed_growing(sink);
        for (int thread = 0; thread < 9; ++thread) {
          feed_call(sink, 1, "t" + std::to_string(100 + thread), 0, 10);
        }
        for (pid_t pid = 2; pid < 6; ++pid) feed_call(sink, pid, "t7", 4, 4 + 0.1 * pid);
      },
      {.lanes = Lanes::flame, .max_tracks = 6});
  CHECK(panel_names(figure) ==
        std::vector<std::string>{"process 1 · thread 100", "process 1 · thread 101",
                                 "process 2 · thread 7", "process 3 · thread 7",
                                 "process 4 · thread 7", "process 5 · thread 7"});
  CHECK(figure.flame->processes == 5);
  CHECK(figure.flame->tracks_left_out == 7);
}

TEST_CASE("the first of the tracks that lanes share are shown, and the others are counted") {
  const auto figure = figure_of(
      [](model::Sink& sink) {
        test::feed_growing(sink);
        for (int i = 0; i < 40; ++i) {
          feed_call(sink, 0, "t" + std::to_string(100 + i), i / 20 * 5, i / 20 * 5 + 4);
        }
      },
      {.lanes = Lanes::flame, .max_tracks = 15});
  REQUIRE(panel_names(figure) == std::vector<std::string>{"40 threads"});
  CHECK(figure.flame->panels[0].tracks.size() == 15);
  CHECK(figure.flame->panels[0].tracks_left_out == 5);
  CHECK(figure.flame->tracks_left_out == 0);
}

TEST_CASE("a window shows what is in it and counts time from the recording's start") {
  const analysis::Grid grid{after(0), after(2), after(4), 500, analysis::Grid::Outside::cut};
  std::vector<Source> sources;
  sources.push_back({test::history_of([](model::Sink& s) { test::feed_growing(s); }, grid), ""});
  const auto figure = build(sources, {});
  CHECK(figure.time == Range{2, 4});
  CHECK(figure.peaks[0].at == Point{4, 40});
  CHECK(figure.subtitle == "20 Nov 2025, 11:25:17 UTC · 2.0 s");
}

TEST_CASE("a window counts the part of a group that lies in it, as an estimate") {
  const analysis::Grid grid{after(0), after(2), after(4), 500, analysis::Grid::Outside::cut};
  const auto feed = [](model::Sink& sink) {
    test::feed_growing(sink);
    sink.take(
        model::CallGroup{"tick", 1, dat::to_lane("t1"), 0, after(3), after(7), 4000, 2, 1, 2, 0.5});
  };
  std::vector<Source> sources;
  sources.push_back({test::history_of(feed, grid), ""});
  const auto figure = build(sources, {.lanes = Lanes::flame});
  const auto& row = table(figure, "functions").rows[0];
  CHECK(row.cells[0] == "≈ 1,000");
  CHECK(row.cells[1] == "500 ms");
  CHECK(figure.flame->panels[0].tracks[0].boxes[0].name == "tick ≈ ×1,000");
}

TEST_CASE("a curve ends at the edge of a window, between two samples") {
  const analysis::Grid grid{after(0), after(2.05), after(4.05), 500, analysis::Grid::Outside::cut};
  std::vector<Source> sources;
  sources.push_back({test::history_of([](model::Sink& s) { test::feed_growing(s); }, grid), ""});
  const auto figure = build(sources, {});
  const auto& stroke = figure.curves[0].strokes.front();
  CHECK(stroke.front().seconds == doctest::Approx(2.05));
  CHECK(stroke.front().mib == doctest::Approx(20.5));
  CHECK(stroke.back().seconds == doctest::Approx(4.05));
  CHECK(stroke.back().mib == doctest::Approx(40.5));
}

TEST_CASE("the memory axis has room for the lines of slopes, but not below zero") {
  const auto figure = figure_of(
      [](model::Sink& sink) {
        test::feed_samples(sink, 100, 1, [](int i) { return i < 89 ? 0.0 : 100.0; });
      },
      {.slope = Slope::line});
  REQUIRE(figure.trends.size() == 1);
  CHECK(figure.trends[0].from.mib < 0);
  CHECK(figure.memory == Range{0, 100});
}

TEST_CASE("several recordings are drawn over each other, each with its label and its peak") {
  std::vector<Source> sources;
  sources.push_back({test::history_of([](model::Sink& s) { test::feed_growing(s); }), "before"});
  sources.push_back({test::history_of([](model::Sink& s) { test::feed_family(s, 3); }), "after"});
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
  const auto figure = figure_of([](model::Sink& sink) { test::feed_nonsense(sink); });
  CHECK(std::isfinite(figure.memory.low));
  CHECK(std::isfinite(figure.memory.high));
  CHECK(figure.memory.low < 0);
  for (const auto& stroke : figure.curves[0].strokes) {
    for (const auto& point : stroke) CHECK(std::isfinite(point.mib));
  }
}

TEST_CASE("the title is the command unless one is given, and the subtitle says where and when") {
  const auto feed = [](model::Sink& sink) {
    test::feed_growing(sink);
    sink.take(model::Settings{.host = "build-7"});
  };
  const auto figure = figure_of(feed);
  CHECK(figure.title == "./grow --fast");
  CHECK(figure.subtitle == "build-7 · 20 Nov 2025, 11:25:15 UTC · 10.0 s");
  CHECK(figure_of(feed, {.title = "Mine"}).title == "Mine");
}

TEST_CASE("the processes of several recordings are fine lines in their colour, then a band") {
  std::vector<Source> sources;
  sources.push_back({test::history_of([](model::Sink& s) { test::feed_family(s, 30); }), "before"});
  sources.push_back({test::history_of([](model::Sink& s) { test::feed_family(s, 3); }), "after"});
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
  const auto of = [](model::Metric metric) {
    return test::history_of([&](model::Sink& sink) {
      test::feed_growing(sink);
      sink.take(model::Settings{.metric = metric});
    });
  };
  const auto mixed = build({{of(model::Metric::rss), "a"}, {of(model::Metric::pss), "b"}}, {});
  CHECK(mixed.memory_name == "memory");
  CHECK(table(mixed, "recordings").rows[0].name == "a (RSS)");
  CHECK(table(mixed, "recordings").rows[1].name == "b (PSS)");
  const auto same = build({{of(model::Metric::uss), "a"}, {of(model::Metric::uss), "b"}}, {});
  CHECK(same.memory_name == "USS");
  CHECK(table(same, "recordings").rows[0].name == "a");
}

TEST_CASE("panels show each process, the highest first, or each recording") {
  const auto family = [](model::Sink& sink) { feed_different(sink, 70); };
  const auto figure = figure_of(family, {.view = View::panels});
  REQUIRE(figure.panels.size() == 60);
  CHECK(figure.panels[0].name == "master 100");
  CHECK(figure.panels[1].name == std::string(70, 'x') + " 170");
  CHECK(figure.panels[1].value == "70.0 MiB");
  CHECK(figure.panels[1].peak.mib == 70);
  CHECK(figure.memory.high == 70);
  CHECK(figure.curves.empty());
  CHECK(figure.panels_left_out == 11);

  const auto files = build(
      {{test::history_of(test::feed_growing), "a"}, {test::history_of(test::feed_growing), "b"}},
      {.view = View::panels});
  REQUIRE(files.panels.size() == 2);
  CHECK(files.panels[1].name == "b");
  const auto alone = figure_of(test::feed_growing, {.view = View::panels});
  REQUIRE(alone.panels.size() == 1);
  CHECK(alone.panels[0].name == "grow");
}

TEST_CASE("the root is listed below the total with its own curve, colour and peak") {
  const auto feed = [](model::Sink& sink) {
    test::feed_header(sink, model::Children::summed_and_apart);
    for (int i = 0; i < 30; ++i) {
      std::vector<std::pair<pid_t, double>> children;
      for (pid_t pid = 101; pid < 130; ++pid) children.emplace_back(pid, 50 + pid);
      test::feed_tick(sink, i, 10 + i / 10.0, children);
    }
  };
  const auto figure = figure_of(feed);
  const auto& row = table(figure, "processes").rows[1];
  CHECK(row.name == "master 100");
  CHECK(row.cells[0] == "12.9 MiB");
  CHECK(std::any_of(figure.curves.begin(), figure.curves.end(), [&](const Curve& curve) {
    return curve.hue == row.hue && curve.tooltip == "master 100 · peak 12.9 MiB at 29.0 s";
  }));
  const auto stack = figure_of(feed, {.view = View::stack});
  CHECK(table(stack, "processes").rows[1].name == "master 100");
  CHECK(table(stack, "processes").rows[1].cells[0] == "12.9 MiB");
  CHECK(stack.areas[0].upper.back().mib == doctest::Approx(12.9));
}

TEST_CASE("a stack does not give the root the memory of a process that has exited") {
  const auto figure = figure_of(
      [](model::Sink& sink) {
        test::feed_header(sink, model::Children::summed_and_apart);
        for (int i = 0; i < 20; ++i) test::feed_tick(sink, i, 10, {{101, 100}});
        for (int i = 20; i < 40; ++i) test::feed_tick(sink, i, 10, {});
      },
      {.view = View::stack});
  for (const auto& point : figure.areas[0].upper) CHECK(point.mib == doctest::Approx(10));
}

TEST_CASE("the line of several attached processes is their total and has no kernel peak") {
  const auto figure = figure_of([](model::Sink& sink) {
    sink.take(model::Settings{.format = 1});
    sink.take(model::Settings{.roots = {100, 101}});
    sink.take(model::Settings{.children = model::Children::apart});
    for (pid_t pid : {100, 101}) sink.take(model::Process{{pid, 1}, 5, after(0), "app", "app"});
    for (int i = 0; i < 5; ++i) test::feed_tick(sink, i, 0, {{100, 10}, {101, 20}});
    sink.take(model::KernelPeak{100, 900, model::KernelPeak::Source::hwm});
  });
  const auto& rows = table(figure, "processes").rows;
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].name == "total (2 processes)");
  CHECK(rows[1].name == "app 100 ← 5");
  CHECK(rows[1].cells.front() == "900.0 MiB");
  CHECK(figure.levels.empty());
}

TEST_CASE("what the recorder missed is shown below the title") {
  const auto feed = [](model::Sink& sink) {
    test::feed_header(sink, model::Children::left_out);
    for (int i = 0; i < 10; ++i) test::feed_tick(sink, i, 10, {});
    sink.take(model::Lost{after(5), model::Loss::ticks, 1});
    sink.take(model::Lost{after(6), model::Loss::marks, 12});
    for (int i = 0; i < 2001; ++i) sink.take(model::PointMark{after(7), 0, "m"});
  };
  CHECK(figure_of(feed).summary == Texts{"peak 10.0 MiB", "mean 10.0 MiB", "1 tick missed",
                                         "12 marks lost", "1 mark not drawn"});
  CHECK(figure_of(feed, {.calls = Calls::hidden}).summary.back() == "1 tick missed");
}

TEST_CASE("a suspension is shown below the title and marked in the chart") {
  const auto figure = figure_of([](model::Sink& sink) {
    test::feed_header(sink, model::Children::left_out);
    for (int i = 0; i < 10; ++i) test::feed_tick(sink, i, 10, {});
    sink.take(model::Suspended{after(30), std::chrono::seconds(21)});
    for (int i = 30; i < 40; ++i) test::feed_tick(sink, i, 10, {});
  });
  CHECK(figure.summary.back() == "suspended for 21.0 s");
  REQUIRE(figure.flags.size() == 1);
  CHECK(figure.flags[0].text == "suspended for 21.0 s");
}

TEST_CASE("a gap is shown below the title, and the band has it too") {
  const auto figure = figure_of([](model::Sink& sink) {
    test::feed_header(sink, model::Children::summed_and_apart);
    std::vector<std::pair<pid_t, double>> children;
    for (pid_t pid = 101; pid < 130; ++pid) children.emplace_back(pid, 50);
    for (int i = 0; i < 10; ++i) test::feed_tick(sink, i, 10, children);
    sink.take(model::Lost{after(9), model::Loss::ticks, 20});
    for (int i = 30; i < 40; ++i) test::feed_tick(sink, i, 10, children);
  });
  CHECK(figure.summary.back() == "1 gap, 20 ticks missed");
  REQUIRE(figure.areas.size() == 2);
  CHECK(figure.areas[0].upper.back().seconds < 10);
  CHECK(figure.areas[1].upper.front().seconds > 29);
}

TEST_CASE("the total in PSS is a light line with a label next to the total in RSS") {
  const auto feed = [](model::Sink& sink) {
    test::feed_header(sink, model::Children::summed);
    for (int i = 0; i < 10; ++i) {
      sink.take(model::Sample{30, after(i), {{model::Metric::pss, 12}}});
    }
  };
  const auto figure = figure_of(feed);
  REQUIRE(figure.curves.size() == 2);
  CHECK(figure.curves[0].weight == Weight::light);
  CHECK(figure.curves[0].strokes == std::vector<Stroke>{{{0, 12}, {9, 12}}});
  CHECK(figure.curves[1].weight == Weight::heavy);
  CHECK(figure.peaks.back().labels == std::vector<std::string>{"PSS 12.0 MiB"});
  CHECK(table(figure, "processes").rows[1].name == "total in PSS");
}

TEST_CASE("a limit is part of the memory axis unless the curves would lose three quarters of it") {
  const auto with_limit = [](double mib) {
    return figure_of([](model::Sink& sink) { test::feed_family(sink, 3); }, {.limit_mib = mib});
  };
  const double top = with_limit(1).memory.high;
  const auto near = with_limit(3.9 * top);
  REQUIRE(near.levels.size() == 1);
  CHECK(near.levels[0].place == Level::Place::in_chart);
  CHECK(near.memory.high == doctest::Approx(3.9 * top));
  const auto far = with_limit(4.1 * top);
  CHECK(far.levels[0].place == Level::Place::above_chart);
  CHECK(far.levels[0].labels.front().starts_with("↑ limit"));
  CHECK(far.memory.high == top);
}

TEST_CASE("a limit that the recording names is drawn with a flag for each time it was crossed") {
  const auto figure = figure_of([](model::Sink& sink) {
    test::feed_family(sink, 3);
    sink.take(model::Limit{after(3), "memory.high", 40, 0});
  });
  REQUIRE(figure.levels.size() == 1);
  CHECK(figure.levels[0].labels == std::vector<std::string>{"memory.high 40.0 MiB"});
  REQUIRE(figure.flags.size() == 1);
  CHECK(figure.flags[0].text == "crossed memory.high of 40.0 MiB");
}

TEST_CASE("limits of the same size are one line with all names, each with its process") {
  const auto figure = figure_of(
      [](model::Sink& sink) {
        test::feed_header(sink, model::Children::summed_and_apart);
        for (int i = 0; i < 9; ++i) test::feed_tick(sink, i, 10, {{101, 5}});
        sink.take(model::Limit{after(3), "other", 50, 0});
        sink.take(model::Limit{after(4), "hard", 50, 100});
        sink.take(model::Limit{after(5), "soft", 20, 101});
        sink.take(model::Limit{after(6), "soft", 30, 7});
      },
      {.limit_mib = 50});
  std::vector<std::string> names;
  for (const auto& level : figure.levels) {
    if (level.kind == Level::Kind::limit) names.push_back(level.labels.front());
  }
  CHECK(names == std::vector<std::string>{"soft of child 101 20.0 MiB",
                                          "soft of process 7 30.0 MiB",
                                          "limit, other, hard 50.0 MiB"});
}
