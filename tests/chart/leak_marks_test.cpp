#include "mprofpp/chart/detail/leak_marks.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "mprofpp/chart/detail/parts.hpp"
#include "mprofpp/leak/leak_fold.hpp"
#include "support/figures.hpp"

using namespace mprofpp;
using namespace mprofpp::chart;
using leak::Verdict;

namespace {

Source source_of(const test::Feeder& feed) {
  leak::LeakFold fold;
  feed(fold);
  return {test::history_of(feed), "label", fold.report()};
}

Figure judged_figure(const test::Feeder& feed) {
  const std::vector<Source> sources = {source_of(feed)};
  return build(sources, {});
}

/// An hour with a sample each second.
test::Feeder hour_of(const std::function<double(double)>& mib) {
  return [mib](model::Sink& sink) {
    test::feed_samples(sink, 3601, 1, [&](int i) { return mib(i); });
  };
}

/// Keeps 60 MiB an hour, and uses up to 5 MiB more for a time.
double leaking(double seconds) {
  return 100 + seconds / 60 + std::fmod(seconds, 100) / 20;
}

double height_at(const std::vector<Point>& line, double seconds) {
  return value_at({line}, seconds);
}

bool has(const std::vector<std::string>& texts, std::string_view part) {
  return std::any_of(texts.begin(), texts.end(),
                     [&](const std::string& text) { return text.find(part) != std::string::npos; });
}

}  // namespace

TEST_CASE("a leak has its floors, and a line between them that rises with its rate") {
  const auto figure = judged_figure(hour_of(leaking));
  REQUIRE(figure.leaks.size() == 1);
  const auto& marks = figure.leaks.front();
  CHECK(marks.floors.size() == 12);
  REQUIRE(marks.line.size() >= 2);
  const auto& from = marks.line.front();
  const auto& to = marks.line.back();
  CHECK((to.mib - from.mib) / (to.seconds - from.seconds) * 3600 ==
        doctest::Approx(60).epsilon(0.02));
  const auto is_above = [&](const Floor& floor) {
    return floor.mib > height_at(marks.line, (floor.from + floor.to) / 2);
  };
  const auto above = std::count_if(marks.floors.begin(), marks.floors.end(), is_above);
  CHECK(above >= 3);
  CHECK(above <= 9);
  CHECK(marks.dash == Dash::solid);
  CHECK(marks.hue.role == Hue::Role::leak);
  CHECK(figure.summary.front().starts_with("leak: +"));
}

TEST_CASE("each floor is the least memory of its time") {
  const auto marks = judged_figure(hour_of(leaking)).leaks.front();
  for (const auto& floor : marks.floors) {
    double least = 1e9;
    for (double t = std::ceil(floor.from); t < floor.to; ++t) least = std::min(least, leaking(t));
    // the samples that are judged are the least ones of 960 bins
    CHECK(floor.mib == doctest::Approx(least).epsilon(0.001));
  }
}

TEST_CASE("the interval of a line is narrowest in its middle and holds the line") {
  const auto marks = judged_figure(hour_of(leaking)).leaks.front();
  REQUIRE(marks.upper.size() == marks.line.size());
  REQUIRE(marks.lower.size() == marks.line.size());
  double narrowest = 1e9;
  for (std::size_t i = 0; i < marks.line.size(); ++i) {
    CHECK(marks.lower[i].mib <= marks.line[i].mib);
    CHECK(marks.upper[i].mib >= marks.line[i].mib);
    narrowest = std::min(narrowest, marks.upper[i].mib - marks.lower[i].mib);
  }
  CHECK(narrowest == doctest::Approx(0).epsilon(0.001));
  CHECK(marks.upper.front().mib - marks.lower.front().mib > 0.01);
}

TEST_CASE("a steady curve has floors and no line that could be taken for growth") {
  const auto figure = judged_figure(hour_of([](double t) { return 100 + std::fmod(t, 100) / 20; }));
  const auto& marks = figure.leaks.front();
  CHECK(marks.floors.size() == 12);
  CHECK(marks.line.empty());
  CHECK(marks.upper.empty());
  CHECK(figure.summary.front().starts_with("steady"));
}

TEST_CASE("a curve that slows down bends towards the level that it would reach") {
  const auto figure =
      judged_figure(hour_of([](double t) { return 200 - 100 * std::exp(-t / 2000); }));
  const auto level = std::find_if(figure.levels.begin(), figure.levels.end(),
                                  [](const Level& l) { return l.kind == Level::Kind::expected; });
  REQUIRE(level != figure.levels.end());
  CHECK(level->mib == doctest::Approx(200).epsilon(0.1));
  CHECK(level->labels.front().starts_with("would level off near "));
  const auto& marks = figure.leaks.front();
  CHECK(marks.dash == Dash::dashed);
  REQUIRE(marks.line.size() > 10);
  const auto rise = [&](std::size_t i) { return marks.line[i + 1].mib - marks.line[i].mib; };
  CHECK(rise(0) > rise(marks.line.size() - 2));
  CHECK(marks.line.back().mib < level->mib);
  CHECK(figure.memory.high >= level->mib);
}

TEST_CASE("a step is an arrow from the memory before it to that after it") {
  const auto figure = judged_figure(hour_of([](double t) { return t < 1000 ? 100 : 108; }));
  const auto& steps = figure.leaks.front().steps;
  REQUIRE(steps.size() == 1);
  CHECK(steps.front().seconds == doctest::Approx(1000).epsilon(0.01));
  CHECK(steps.front().from_mib == doctest::Approx(100));
  CHECK(steps.front().to_mib == doctest::Approx(108));
  CHECK(steps.front().label == "+8.0 MiB");
  CHECK(has(figure.summary, "a step of +8.0 MiB"));
}

TEST_CASE("the line of a leak jumps where the curve takes a step that is not part of its rate") {
  const auto figure =
      judged_figure(hour_of([](double t) { return 100 + t / 60 + (t < 2000 ? 0 : 40); }));
  const auto& marks = figure.leaks.front();
  REQUIRE(marks.steps.size() == 1);
  CHECK(marks.steps.front().seconds == doctest::Approx(2000).epsilon(0.01));
  CHECK(marks.steps.front().to_mib - marks.steps.front().from_mib ==
        doctest::Approx(40).epsilon(0.1));
  CHECK(height_at(marks.line, 1900) == doctest::Approx(100 + 1900 / 60.0).epsilon(0.03));
  CHECK(height_at(marks.line, 2100) == doctest::Approx(140 + 2100 / 60.0).epsilon(0.03));
}

TEST_CASE("a leak of one process is drawn on its curve, and the words name it") {
  const auto figure = judged_figure([](model::Sink& sink) {
    test::feed_header(sink, model::Children::summed_and_apart);
    sink.take(model::Process{{101, 2}, 100, test::after(0), "worker", "worker"});
    sink.take(model::Process{{102, 3}, 100, test::after(0), "worker", "worker"});
    for (int t = 0; t <= 3600; ++t) {
      test::feed_tick(sink, t, 20, {{101, leaking(t)}, {102, 300 + t % 7}});
    }
  });
  CHECK(has(figure.summary, " in worker 101"));
  const auto& floor = figure.leaks.front().floors.front();
  CHECK(floor.mib == doctest::Approx(leaking(100)).epsilon(0.05));
}

TEST_CASE("the start of a program does not make its leak flat, but what was judged is shown") {
  const auto figure = judged_figure(hour_of([](double t) { return t < 30 ? t : 1000 + t / 60; }));
  CHECK(figure.memory.low > 900);
  const auto& marks = figure.leaks.front();
  for (const auto& floor : marks.floors) CHECK(figure.memory.contains(floor.mib));
  const auto steady = judged_figure(hour_of([](double t) { return t < 30 ? t : 1000; }));
  CHECK(steady.memory.low == 0);
}

TEST_CASE("several recordings have their verdicts in the table") {
  const std::vector<Source> sources = {source_of(hour_of(leaking)),
                                       source_of(hour_of([](double) { return 50; }))};
  const auto figure = build(sources, {});
  CHECK(figure.leaks.size() == 2);
  const auto& table = figure.legend.front();
  CHECK(table.columns == std::vector<std::string>{"peak", "leak"});
  REQUIRE(table.rows.size() == 2);
  CHECK(table.rows[0].cells.back().starts_with("+"));
  CHECK(table.rows[1].cells.back() == "steady");
}

TEST_CASE("too few samples are said to be too few, and nothing is drawn") {
  const auto figure = judged_figure(
      [](model::Sink& sink) { test::feed_samples(sink, 5, 1, [](int i) { return 10 + i; }); });
  CHECK(figure.summary.front().starts_with("not enough to tell"));
  CHECK(figure.leaks.front().floors.empty());
  CHECK(figure.leaks.front().line.empty());
}

TEST_CASE("a verdict by another metric than the one that is drawn is added to the summary") {
  auto source = source_of(hour_of(leaking));
  auto other = source.leak->metrics.front();
  other.metric = model::Metric::uss;
  other.judgement.verdict = Verdict::steady;
  other.judgement.rate = {0, -1, 1};
  source.leak->metrics.insert(source.leak->metrics.begin(), other);
  const auto figure = build({source}, {});
  CHECK(figure.summary.front().starts_with("leak: +"));
  CHECK(has(figure.summary, "by uss: steady"));
}
