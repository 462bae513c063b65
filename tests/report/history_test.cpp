#include "mprofpp/report/history.hpp"

#include <doctest/doctest.h>

#include "recorded.hpp"

using namespace mprofpp;
using namespace mprofpp::report;
using std::chrono::seconds;
using test::recorded;
using test::TemporaryFolder;

namespace {

constexpr std::size_t columns = 200;

Instant at(double time) {
  return *instant_from_seconds(time);
}

}  // namespace

TEST_CASE("a history covers the times of the run") {
  const TemporaryFolder folder;
  const auto run = with_times(recorded(folder, test::family)).value();
  const auto history = read_history(run, {.columns = columns}).value();
  CHECK(history.grid.origin == at(1000));
  CHECK(history.grid.end == at(1004));
  CHECK(history.grid.columns == columns);
  CHECK(history.grid.outside == analysis::Grid::Outside::widen);
  CHECK(history.has_samples());
  CHECK(history.last() == 4);
}

TEST_CASE("a window cuts the history and keeps the start of the run as second 0") {
  const TemporaryFolder folder;
  const auto run = with_times(recorded(folder, test::family)).value();
  const auto history =
      read_history(run, {.window = TimeWindow{seconds(1), seconds(2)}, .columns = columns}).value();
  CHECK(history.grid.outside == analysis::Grid::Outside::cut);
  CHECK(history.grid.first() == 1);
  CHECK(history.grid.last() == 2);
  CHECK(history.first() == 1);
  CHECK(history.last() == 2);
}

TEST_CASE("runs on a shared clock count from the earliest start") {
  const TemporaryFolder folder;
  std::vector<TimedRun> runs = {
      with_times(recorded(folder, "MEM 1.0 1010.0\nMEM 1.0 1020.0\n")).value(),
      with_times(recorded(folder, "MEM 1.0 1000.0\nMEM 1.0 1005.0\n")).value()};
  share_start(runs);
  CHECK(runs[0].range.first == at(1000));
  CHECK(runs[0].range.last == at(1020));
  CHECK(runs[1].range.first == at(1000));
}

TEST_CASE("a window without samples is reported with the length of the recording") {
  const TemporaryFolder folder;
  const auto run = with_times(recorded(folder, test::family)).value();
  const TimeWindow late{seconds(60), std::nullopt};
  CHECK_FALSE(read_history(run, {.window = late, .columns = columns}).value().has_samples());
  CHECK(nothing_to_draw(run, late).code == Errc::not_found);
  CHECK(nothing_to_draw(run, late).hint == "it lasts 4.0 s");
  CHECK(nothing_to_draw(run, std::nullopt).code == Errc::malformed);
}

TEST_CASE("a metric that a run does not have is refused with those that it has") {
  const TemporaryFolder folder;
  const auto run =
      with_times(recorded(folder, "META metric rss\nMEM 9 1000.0 swap=1 pss=4\n")).value();
  const HistoryRequest request{.columns = columns, .metric = model::Metric::uss};
  const auto history = read_history(run, request).value();
  CHECK_FALSE(history.has_samples());
  const auto error = no_such_metric(run, history, model::Metric::uss);
  CHECK(error.code == Errc::not_found);
  CHECK(error.what == "has no uss, only rss, pss and swap");
}
