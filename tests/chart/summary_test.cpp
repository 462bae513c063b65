#include "mprofpp/chart/detail/summary.hpp"

#include <doctest/doctest.h>

#include "mprofpp/analysis/peak.hpp"
#include "mprofpp/base/units.hpp"
#include "support/figures.hpp"

using namespace mprofpp;
using namespace mprofpp::chart;
using test::after;
using test::history_of;

namespace {

using Texts = std::vector<std::string>;

Texts summary(const test::Feeder& feed) {
  return summary_of(history_of(feed), {});
}

/// Feeds ten minutes of a server that grows by 1 MiB a second.
void feed_server_with_leak(model::Sink& sink) {
  test::feed_header(sink, model::Children::left_out);
  for (int i = 0; i <= 600; ++i) sink.take(model::Sample{100.0 + i, after(i)});
}

/// Feeds 100 seconds with a peak of 250 MiB at 50 s, and with one reading of PSS.
void feed_pss(model::Sink& sink, int second) {
  test::feed_header(sink, model::Children::left_out);
  for (int i = 0; i <= 100; ++i) {
    model::Sample sample{i == 50 ? 250.0 : 200.0, after(i)};
    if (i == second) sample.extra_readings = {{model::Metric::pss, 150}};
    sink.take(sample);
  }
}

}  // namespace

TEST_CASE("the summary has the figures that `mprofpp peak` prints, also those of a window") {
  for (const auto& window : {analysis::Window{}, analysis::Window{after(2), after(400)}}) {
    analysis::PeakFold fold(window);
    feed_server_with_leak(fold);
    const auto report = fold.report();
    const auto outside =
        window.is_whole() ? analysis::Grid::Outside::widen : analysis::Grid::Outside::cut;
    const analysis::Grid grid{after(0), after(2), after(400), 500, outside};
    CHECK(summary_of(history_of(feed_server_with_leak, grid), {}) ==
          Texts{"peak " + memory_text(report.best()->mib),
                "mean " + memory_text(*report.statistics.mean_mib),
                growth_text(*report.statistics.growth_mib) + " from the first minute to the last"});
  }
}

TEST_CASE("a tree of which one process had more than any sample has a peak of at least that") {
  const auto parts = summary([](model::Sink& sink) {
    test::feed_family(sink, 3);
    sink.take(model::KernelPeak{102, 2048, model::KernelPeak::Source::hwm});
  });
  REQUIRE_FALSE(parts.empty());
  CHECK(parts[0] == "peak at least 2.00 GiB");
}

TEST_CASE("a short recording has no growth") {
  CHECK(summary(test::feed_growing) == Texts{"peak 100.0 MiB", "mean 50.0 MiB"});
}

TEST_CASE("PSS is next to the peak if it was read near it") {
  CHECK(summary([](auto& sink) { feed_pss(sink, 53); })[0] == "peak 250.0 MiB (PSS 150.0 MiB)");
  CHECK(summary([](auto& sink) { feed_pss(sink, 90); })[0] == "peak 250.0 MiB");
}

TEST_CASE("a single sample is called that") {
  CHECK(summary([](model::Sink& sink) {
          sink.take(model::Sample{12.5, after(0)});
        }) == Texts{"one sample of 12.5 MiB"});
}

TEST_CASE("the summary of several recordings is the range of their peaks") {
  const auto of = [](double mib, model::Metric metric) {
    return history_of([=](model::Sink& sink) {
      sink.take(model::Settings{.metric = metric});
      for (int i = 0; i < 9; ++i) sink.take(model::Sample{mib, after(i)});
    });
  };
  using model::Metric;
  CHECK(summary_of({{of(20, Metric::rss), "a"}, {of(10, Metric::rss), "b"}}) ==
        Texts{"peaks from 10.0 MiB to 20.0 MiB"});
  CHECK(summary_of({{of(10, Metric::rss), "a"}, {of(10, Metric::rss), "b"}}) ==
        Texts{"peaks of 10.0 MiB"});
  CHECK(summary_of({{of(20, Metric::rss), "a"}, {of(10, Metric::pss), "b"}}).empty());
}
