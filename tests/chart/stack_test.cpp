#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <vector>

#include "support/figures.hpp"

using namespace mprofpp;
using namespace mprofpp::chart;
using test::after;
using test::figure_of;

namespace {

constexpr int ticks = 48;

enum class Exits { written, missing };
enum class Names { written, missing };
enum class Gap { none, one };

/// A process that is read from its first to its last tick. It exits before the next one.
struct Child {
  pid_t pid = 0;
  int first = 0;
  int last = 0;

  bool is_read(int tick) const { return tick >= first && tick <= last; }
  double mib(int tick) const { return pid % 7 + 2 + 0.25 * (tick % 5); }
};

double root_mib(int tick) {
  return 10 + 0.5 * (tick % 9);
}

struct Family {
  std::vector<Child> children;
  Exits exits = Exits::written;
  Names names = Names::written;
  Gap gap = Gap::none;

  bool is_missed(int tick) const { return gap == Gap::one && tick >= 20 && tick < 30; }

  double total(int tick) const {
    double sum = root_mib(tick);
    for (const auto& child : children) sum += child.is_read(tick) ? child.mib(tick) : 0;
    return sum;
  }

  void feed(model::Sink& sink) const {
    if (names == Names::written)
      test::feed_header(sink, model::Children::summed_and_apart);
    else
      sink.take(model::CommandLine{"family"});
    for (int tick = 0; tick < ticks; ++tick) feed_tick(sink, tick);
  }

 private:
  void feed_tick(model::Sink& sink, int tick) const {
    for (const auto& child : children) {
      if (names == Names::written && child.first == tick) {
        const auto start = static_cast<std::uint64_t>(tick) + 2;
        sink.take(model::Process{{child.pid, start}, 100, after(tick), "child", "child"});
      }
      if (exits == Exits::written && child.last + 1 == tick) {
        sink.take(model::Exit{child.pid, after(tick - child.pid % 3 * 0.4), 0});
      }
    }
    if (is_missed(tick)) return;
    sink.take(model::Sample{total(tick), after(tick)});
    for (const auto& child : children) {
      if (child.is_read(tick))
        sink.take(model::ChildSample{child.pid, child.mib(tick), after(tick)});
    }
  }
};

/// Makes up lives of 24 processes with 8 pids. A pid is free for at least one tick before it is reused.
Family family_of(unsigned seed, Exits exits, Names names, Gap gap) {
  std::mt19937 random(seed);
  const auto below = [&](unsigned n) { return static_cast<int>(random() % n); };
  Family family{{}, exits, names, gap};
  for (pid_t pid = 101; pid < 109; ++pid) {
    int tick = below(4);
    for (int life = 0; life < 3 && tick < ticks; ++life) {
      const int last = std::min(tick + below(15), ticks - 1);
      // a process does not start or end while nothing is read
      const bool is_hidden = family.is_missed(tick) || family.is_missed(last) ||
                             family.is_missed(last + 1) || family.is_missed(tick - 1);
      if (!is_hidden) family.children.push_back({pid, tick, last});
      tick = last + 2 + below(4);
    }
  }
  return family;
}

bool is_at(const Point& point, double seconds) {
  return std::abs(point.seconds - seconds) < 1e-4;
}

/// Returns the thickness of an area at a time, at each of its points there.
std::vector<double> heights_at(const Area& area, double seconds) {
  std::vector<double> heights;
  for (std::size_t i = 0; i < area.upper.size(); ++i) {
    if (is_at(area.upper[i], seconds)) heights.push_back(area.upper[i].mib - area.lower[i].mib);
  }
  return heights;
}

const std::vector<Stroke>& top_of(const Figure& figure) {
  return figure.curves.back().strokes;
}

bool passes_through(const std::vector<Stroke>& line, double seconds, double mib) {
  for (const auto& stroke : line) {
    for (const auto& point : stroke) {
      if (is_at(point, seconds) && point.mib == doctest::Approx(mib).epsilon(1e-5)) return true;
    }
  }
  return false;
}

/// Returns the height up to which layers fill the chart between two neighbouring times, without holes.
double filled_height(const Figure& figure, double seconds) {
  std::vector<std::pair<double, double>> parts;
  for (const auto& area : figure.areas) {
    const auto at = [&](const std::vector<Point>& edge) -> std::optional<double> {
      for (std::size_t i = 1; i < edge.size(); ++i) {
        const auto &a = edge[i - 1], &b = edge[i];
        if (a.seconds < seconds && b.seconds > seconds) {
          return std::lerp(a.mib, b.mib, (seconds - a.seconds) / (b.seconds - a.seconds));
        }
      }
      return std::nullopt;
    };
    if (const auto low = at(area.lower)) parts.emplace_back(*low, *at(area.upper));
  }
  std::sort(parts.begin(), parts.end());
  double height = 0;
  for (const auto& [low, high] : parts) {
    CHECK(low == doctest::Approx(height));
    height = high;
  }
  return height;
}

void check_tops(const Figure& figure) {
  for (const auto& stroke : top_of(figure)) {
    for (std::size_t i = 1; i < stroke.size(); ++i) {
      if (is_at(stroke[i], stroke[i - 1].seconds)) continue;
      const double middle = std::midpoint(stroke[i].seconds, stroke[i - 1].seconds);
      CHECK(filled_height(figure, middle) ==
            doctest::Approx(std::midpoint(stroke[i].mib, stroke[i - 1].mib)));
    }
  }
}

/// Checks that the top stays below the larger of the totals before and after, also while exited processes
/// keep their layers.
void check_measured(const Figure& figure, const Family& family) {
  for (const auto& stroke : top_of(figure)) {
    for (std::size_t i = 1; i < stroke.size(); ++i) {
      const auto &a = stroke[i - 1], &b = stroke[i];
      if (is_at(a, b.seconds)) continue;
      const int tick = static_cast<int>(std::midpoint(a.seconds, b.seconds));
      if (family.is_missed(tick) || family.is_missed(tick + 1)) continue;
      CAPTURE(tick);
      const double most = std::max(family.total(tick), family.total(tick + 1));
      CHECK(std::max(a.mib, b.mib) <= most * (1 + 1e-5));
    }
  }
}

void check_family(const Family& family) {
  const auto figure = figure_of([&](model::Sink& sink) { family.feed(sink); },
                                {.view = View::stack, .max_series = 5});
  check_tops(figure);
  check_measured(figure, family);
  const auto& root = figure.areas.front();
  for (int tick = 0; tick < ticks; ++tick) {
    if (family.is_missed(tick)) continue;
    CAPTURE(tick);
    CHECK(passes_through(top_of(figure), tick, family.total(tick)));
    if (family.gap == Gap::one) continue;
    for (const double height : heights_at(root, tick)) {
      CHECK(height == doctest::Approx(root_mib(tick)).epsilon(1e-4));
    }
  }
}

}  // namespace

TEST_CASE(
    "the layers fill the chart up to the total at every tick, whenever processes start and exit") {
  for (const auto exits : {Exits::written, Exits::missing}) {
    for (const auto names : {Names::written, Names::missing}) {
      if (exits == Exits::written && names == Names::missing) continue;
      for (const auto gap : {Gap::none, Gap::one}) {
        for (unsigned seed = 1; seed <= 20; ++seed) {
          CAPTURE(seed);
          CAPTURE(static_cast<int>(exits));
          CAPTURE(static_cast<int>(names));
          CAPTURE(static_cast<int>(gap));
          check_family(family_of(seed, exits, names, gap));
        }
      }
    }
  }
}

TEST_CASE(
    "a layer starts at the first sample of its process and ends at its exit, with vertical edges") {
  const auto figure = figure_of(
      [](model::Sink& sink) {
        test::feed_header(sink, model::Children::summed_and_apart);
        for (int i = 0; i < 10; ++i) test::feed_tick(sink, i, 10, {});
        for (int i = 10; i < 20; ++i) test::feed_tick(sink, i, 10, {{101, 5}});
        sink.take(model::Exit{101, after(19.5), 0});
        for (int i = 20; i < 30; ++i) test::feed_tick(sink, i, 10, {});
      },
      {.view = View::stack});
  REQUIRE(figure.areas.size() == 2);
  const auto& child = figure.areas[1];
  CHECK(child.upper.front() == Point{10, 15});
  CHECK(child.lower.front() == Point{10, 10});
  CHECK(child.upper.back() == Point{19.5, 15});
  REQUIRE(top_of(figure).size() == 1);
  CHECK(passes_through(top_of(figure), 19.5, 15));
  CHECK(passes_through(top_of(figure), 19.5, 10));
}

TEST_CASE("a process that exits while another grows does not lift the top above the totals") {
  const auto figure = figure_of(
      [](model::Sink& sink) {
        test::feed_header(sink, model::Children::summed_and_apart);
        for (int i = 0; i < 10; ++i) test::feed_tick(sink, i, 10, {{101, 20}, {102, 40}});
        sink.take(model::Exit{101, after(9.75), 0});
        for (int i = 10; i < 20; ++i) test::feed_tick(sink, i, 10, {{102, 56}});
      },
      {.view = View::stack});
  CHECK(passes_through(top_of(figure), 9, 70));
  CHECK(passes_through(top_of(figure), 9.75, 70));
  CHECK(passes_through(top_of(figure), 9.75, 62));
  CHECK(passes_through(top_of(figure), 10, 66));
}

TEST_CASE("a process without an exit ends at its last sample") {
  const auto figure = figure_of(
      [](model::Sink& sink) {
        test::feed_header(sink, model::Children::summed_and_apart);
        for (int i = 0; i < 20; ++i) test::feed_tick(sink, i, 10, {{101, 5}});
        for (int i = 20; i < 30; ++i) test::feed_tick(sink, i, 10, {});
      },
      {.view = View::stack});
  REQUIRE(figure.areas.size() == 2);
  CHECK(figure.areas[1].upper.back() == Point{19, 15});
}

TEST_CASE("a process whose exit was noticed late does not keep its memory until then") {
  const auto figure = figure_of(
      [](model::Sink& sink) {
        test::feed_header(sink, model::Children::summed_and_apart);
        for (int i = 0; i < 20; ++i) test::feed_tick(sink, i, 10, {{101, 5}});
        for (int i = 20; i < 30; ++i) test::feed_tick(sink, i, 10, {});
        sink.take(model::Exit{101, after(29.5), 0});
        test::feed_tick(sink, 30, 10, {});
      },
      {.view = View::stack});
  REQUIRE(figure.areas.size() == 2);
  CHECK(figure.areas[1].upper.back() == Point{19, 15});
}

TEST_CASE("the root keeps its layer until it exits, and so do the processes that outlive it") {
  const auto figure = figure_of(
      [](model::Sink& sink) {
        test::feed_header(sink, model::Children::summed_and_apart);
        for (int i = 0; i < 20; ++i) test::feed_tick(sink, i, 10, {{101, 5}});
        sink.take(model::Sample{15, after(19.75)});
        sink.take(model::Exit{100, after(19.75), 0});
      },
      {.view = View::stack});
  REQUIRE(figure.areas.size() == 2);
  CHECK(figure.areas[0].upper.back() == Point{19.75, 10});
  CHECK(figure.areas[1].upper.back() == Point{19.75, 15});
}

TEST_CASE("a MEM line that is the root alone is a layer, and the total is above it") {
  const auto figure = figure_of(
      [](model::Sink& sink) {
        test::feed_header(sink, model::Children::apart);
        for (int i = 0; i < 20; ++i) {
          sink.take(model::Sample{10, after(i)});
          sink.take(model::ChildSample{101, 4, after(i)});
        }
      },
      {.view = View::stack});
  REQUIRE(figure.areas.size() == 2);
  CHECK(figure.areas[0].upper.back().mib == 10);
  CHECK(passes_through(top_of(figure), 19, 14));
  CHECK(figure.peaks.front().at.mib == 14);
  CHECK(figure.legend.front().rows.front().name == "total (2 processes)");
  CHECK(figure.legend.front().rows.front().cells.front() == "14.0 MiB");
}

TEST_CASE("with several attached processes no layer is left for a root") {
  const auto figure = figure_of(
      [](model::Sink& sink) {
        sink.take(model::Settings{.format = 1});
        sink.take(model::Settings{.roots = {100, 101}});
        sink.take(model::Settings{.children = model::Children::summed_and_apart});
        for (int i = 0; i < 5; ++i) test::feed_tick(sink, i, 0, {{100, 10.1}, {101, 20.3}});
      },
      {.view = View::stack});
  CHECK(figure.areas.size() == 2);
  CHECK(figure.legend.front().rows.size() == 3);
}

TEST_CASE("a stack of a thousand short processes has a bounded number of points") {
  const auto figure = figure_of(
      [](model::Sink& sink) {
        test::feed_header(sink, model::Children::summed_and_apart);
        for (int i = 0; i < 20'000; ++i) {
          test::feed_tick(sink, i * 0.0025, 10 + i % 7,
                          {{101 + i / 10, i % 11}, {102 + i / 10, 3}});
        }
      },
      {.view = View::stack});
  for (const auto& area : figure.areas) CHECK(area.upper.size() < 5'000);
  CHECK(figure.areas.size() < 200);
}

namespace {

void feed_metrics(model::Sink& sink) {
  test::feed_header(sink, model::Children::left_out);
  for (int i = 0; i < 20; ++i) {
    sink.take(model::Sample{30, after(i), {{model::Metric::anon, 20}, {model::Metric::file, 10}}});
    if (i < 5 || i == 19) continue;
    sink.take(model::Sample{
        30,
        after(i + 0.5),
        {{model::Metric::anon, 20}, {model::Metric::file, 10}, {model::Metric::swap, 4}}});
  }
}

}  // namespace

TEST_CASE("several metrics are curves of the total, the first one heavy, without processes") {
  const auto feed = [](model::Sink& sink) {
    test::feed_family(sink, 3);
    feed_metrics(sink);
  };
  const auto figure = figure_of(
      feed, {.total_metrics = {model::Metric::anon, model::Metric::rss, model::Metric::swap}});
  REQUIRE(figure.curves.size() == 3);
  CHECK(figure.areas.empty());
  CHECK(figure.memory_name == "memory");
  CHECK(figure.curves.back().weight == Weight::heavy);  // drawn last
  CHECK(figure.curves.back().strokes.front().front().mib == 20);
  CHECK(figure.curves.front().strokes.front().front().mib == 4);
  const auto& rows = figure.legend.front().rows;
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].name == "total in ANON");
  CHECK(rows[0].cells.front() == "20.0 MiB");
  CHECK(rows[2].name == "total in SWAP");
  CHECK(rows[2].cells.front() == "4.0 MiB");
  CHECK(figure.summary.front() == "ANON peak 20.0 MiB");
  CHECK(figure.peaks.front().labels.front().starts_with("ANON 20.0 MiB at "));
  CHECK(rows[1].hue != rows[2].hue);
}

TEST_CASE("a metric without a reading in the shown time has a row and no curve") {
  const auto figure = figure_of(
      [](model::Sink& sink) {
        test::feed_header(sink, model::Children::left_out);
        for (int i = 0; i < 5; ++i) {
          sink.take(model::Sample{30, after(i), {{model::Metric::anon, 20}}});
        }
        sink.take(model::Sample{30, after(20), {{model::Metric::swap, 1}}});
      },
      {.total_metrics = {model::Metric::swap, model::Metric::anon}});
  CHECK(figure.legend.front().rows.size() == 2);
}

TEST_CASE("a stack of metrics has one layer for each where all of them were read") {
  const auto figure =
      figure_of(feed_metrics,
                {.view = View::stack,
                 .total_metrics = {model::Metric::file, model::Metric::anon, model::Metric::swap}});
  REQUIRE(figure.areas.size() == 3);
  CHECK(figure.areas[0].upper.front() == Point{5.5, 10});
  CHECK(figure.areas[2].upper.front() == Point{5.5, 34});
  CHECK(figure.areas[2].upper.back() == Point{18.5, 34});
  const auto& rows = figure.legend.front().rows;
  REQUIRE(rows.size() == 4);
  CHECK(rows[0].name == "file + anon + swap");
  CHECK(rows[3].name == "swap");
  CHECK(rows[3].cells.front() == "4.0 MiB");
}
