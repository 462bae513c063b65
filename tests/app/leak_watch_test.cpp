#include "summary/leak_watch.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>

#include "captured.hpp"
#include "summary/growth_message.hpp"
#include "summary/recording_listener.hpp"
#include "support/made_up.hpp"

using namespace mprofpp;
using namespace mprofpp::app;
using namespace std::chrono_literals;
using Hints = RecordingListener::Hints;

namespace {

double leaking(int second) {
  return 100 + second / 60.0;
}

/// Records an hour with a sample each second, and returns the marks.
std::vector<model::PointMark> watch_hour(LeakWatch& watch, const std::function<double(int)>& mib) {
  std::vector<model::PointMark> marks;
  watch.take(model::Settings{.roots = {42}});
  for (int second = 0; second <= 3600; ++second) {
    watch.take(model::Sample{mib(second), test::after(second)});
    if (auto mark = watch.look(test::after(second))) marks.push_back(*mark);
  }
  return marks;
}

leak::LeakReport report_of(const std::function<double(int)>& mib) {
  LeakWatch watch(std::launch::deferred);
  watch_hour(watch, mib);
  return watch.report();
}

record::Outcome lasting(Duration duration) {
  record::Outcome outcome;
  outcome.path = "/no/such/file.dat";
  outcome.duration = duration;
  return outcome;
}

}  // namespace

TEST_CASE("the first leak of a recording is a mark of its root, once, after a minute or two") {
  LeakWatch watch(std::launch::deferred);
  const auto marks = watch_hour(watch, leaking);
  REQUIRE(marks.size() == 1);
  CHECK(marks.front().pid == 42);
  CHECK(marks.front().text.starts_with("leak: +"));
  CHECK(marks.front().text.ends_with(" so far"));
  CHECK(marks.front().t >= test::after(60));
  CHECK(marks.front().t <= test::after(180));
}

TEST_CASE("what looks like a leak until it stops gets a second mark") {
  LeakWatch watch(std::launch::deferred);
  const auto marks =
      watch_hour(watch, [](int second) { return 100 + std::min(second, 600) / 10.0; });
  REQUIRE(marks.size() == 2);
  CHECK(marks[0].text.starts_with("leak: +"));
  CHECK(marks[1].text.starts_with("no leak any more: steady; "));
}

TEST_CASE("a recording that leaks and stops again and again gets two marks in all") {
  LeakWatch watch(std::launch::deferred);
  const auto marks = watch_hour(watch, [](int second) {
    const int minutes = second / 900 * 300 + std::min(second % 900, 300);
    return 100 + minutes / 10.0;
  });
  CHECK(marks.size() == 2);
}

TEST_CASE("a steady recording gets no mark, also when nothing changes") {
  LeakWatch watch(std::launch::deferred);
  CHECK(watch_hour(watch, [](int) { return 100; }).empty());
  LeakWatch noisy(std::launch::deferred);
  CHECK(watch_hour(noisy, [](int i) { return 100 + i % 50; }).empty());
}

TEST_CASE("a leak that a thread finds is the same, and no sample is lost meanwhile") {
  LeakWatch aside(std::launch::async);
  watch_hour(aside, leaking);
  const auto expected = report_of(leaking);
  const auto report = aside.report();
  CHECK(report.samples == 3601);
  CHECK(report.verdict() == expected.verdict());
  CHECK(report.deciding().judgement.rate.middle == expected.deciding().judgement.rate.middle);
}

TEST_CASE("records that come while a judgement runs are kept until it is finished") {
  LeakWatch watch(std::launch::deferred);  // runs until the next look
  watch.look(test::after(0));
  watch.take(model::Sample{1, test::after(0)});
  watch.look(test::after(60));
  watch.take(model::Sample{2, test::after(61)});
  watch.take(model::Sample{3, test::after(62)});
  CHECK(watch.report().samples == 3);
}

TEST_CASE("a clock that is set back by hours does not end the watch") {
  LeakWatch watch(std::launch::deferred);
  for (int second = 0; second <= 120; ++second) watch.look(test::after(36000 + second));
  CHECK(watch_hour(watch, leaking).size() == 1);
}

TEST_CASE("a leak of one of several processes names it") {
  LeakWatch watch(std::launch::deferred);
  test::feed_header(watch, model::Children::summed_and_apart);
  watch.take(model::Process{{101, 2}, 100, test::after(0), "worker", "worker"});
  std::vector<model::PointMark> marks;
  for (int second = 0; second <= 3600; ++second) {
    test::feed_tick(watch, second, 20, {{101, leaking(second)}});
    if (auto mark = watch.look(test::after(second))) marks.push_back(*mark);
  }
  REQUIRE(marks.size() == 1);
  CHECK(marks.front().pid == 101);
  CHECK(marks.front().text.ends_with(" in worker 101 so far"));
}

TEST_CASE("a listener prints the leak and returns its mark, or only returns it with --quiet") {
  for (const auto hints : {Hints::printed, Hints::left_out}) {
    const test::Captured captured;
    LeakWatch watch(std::launch::deferred);
    RecordingListener listener(captured.console(), hints, &watch);
    std::size_t marks = 0;
    for (int second = 0; second <= 3600; ++second) {
      watch.take(model::Sample{leaking(second), test::after(second)});
      if (listener.recorded(test::after(second))) ++marks;
    }
    CHECK(marks == 1);
    CHECK(captured.err().starts_with("mprofpp: leak: +") == (hints == Hints::printed));
  }
}

TEST_CASE("a listener that does not watch makes no mark") {
  const test::Captured captured;
  RecordingListener listener(captured.console(), Hints::printed);
  CHECK_FALSE(listener.recorded(test::after(3600)).has_value());
}

TEST_CASE("the summary has a line about growth only if it is a leak and lasted ten minutes") {
  const auto leak = report_of(leaking);
  CHECK(growth_message(leak, lasting(10min)) == "grows: +60.0 MiB/h");
  CHECK(growth_message(leak, lasting(10min - 1s)).empty());
  CHECK(growth_message(report_of([](int) { return 100; }), lasting(1h)).empty());
  CHECK(growth_message({}, lasting(1h)).empty());
}

TEST_CASE("the line about growth names the file that mprofpp leak can read") {
  const test::TemporaryFolder folder;
  auto outcome = lasting(1h);
  outcome.path = folder / "x.dat";
  REQUIRE(replace_file(outcome.path, "x").has_value());
  CHECK(growth_message(report_of(leaking), outcome) ==
        "grows: +60.0 MiB/h; mprofpp leak " + outcome.path + " says more");
}

TEST_CASE("a finished recording is read for its growth, unless it is short, large or gone") {
  const test::TemporaryFolder folder;
  auto outcome = lasting(1h);
  outcome.path = folder / "x.dat";
  std::string text = "CMDLINE x\n";
  for (int second = 0; second <= 3600; ++second) {
    text +=
        "MEM " + std::to_string(leaking(second)) + " " + std::to_string(1763637915 + second) + "\n";
  }
  REQUIRE(replace_file(outcome.path, text).has_value());
  CHECK(growth_in_file(outcome).starts_with("grows: +60.0 MiB/h; "));
  outcome.duration = 9min;
  CHECK(growth_in_file(outcome).empty());
  outcome.duration = 1h;
  std::filesystem::resize_file(outcome.path,
                               static_cast<std::uintmax_t>(most_read_at_end.count()) + 1);
  CHECK(growth_in_file(outcome).empty());
  outcome.path = folder / "gone.dat";
  CHECK(growth_in_file(outcome).empty());
}
