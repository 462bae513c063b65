#include "mprofpp/report/recording.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "recorded.hpp"
#include "support/collector.hpp"

using namespace mprofpp;
using namespace mprofpp::report;
using test::recorded;
using test::TemporaryFolder;

namespace {

Instant at(double seconds) {
  return *instant_from_seconds(seconds);
}

}  // namespace

TEST_CASE("the last of several runs is chosen unless a number is given") {
  const TemporaryFolder folder;
  const auto last = recorded(folder, test::two_runs);
  CHECK(last.number == 2);
  CHECK(last.runs.size() == 2);
  CHECK(time_range(last).value().first == at(2000));
  CHECK(time_range(choose_run(last, 1).value()).value().first == at(1000));
}

TEST_CASE("a run that the file does not have is not found") {
  const TemporaryFolder folder;
  const auto run = recorded(folder, test::two_runs);
  for (const std::size_t number : {std::size_t{0}, std::size_t{3}}) {
    const auto chosen = choose_run(run, number);
    REQUIRE_FALSE(chosen.has_value());
    CHECK(chosen.error().code == Errc::not_found);
    CHECK(chosen.error().place == "x.dat");
    CHECK(chosen.error().what == "has no run " + std::to_string(number));
  }
  CHECK(choose_run(run, 3).error().hint.empty());
  CHECK(choose_run(recorded(folder, test::family), 2).error().hint == "it has only one");
}

TEST_CASE("only the chosen run is read") {
  const TemporaryFolder folder;
  test::Collector records;
  REQUIRE(read(choose_run(recorded(folder, test::two_runs), 1).value(), records).has_value());
  CHECK(records.of<model::CommandLine>().front().text == "first");
  CHECK(records.of<model::Sample>().size() == 1);
}

TEST_CASE("errors name the recording as people know it, not the path that was opened") {
  const TemporaryFolder folder;
  const auto run = recorded(folder, "MEM 1.0 1000.0\n");
  std::filesystem::remove(run.path);
  test::Collector records;
  CHECK(read(run, records).error().place == "x.dat");
  CHECK(time_range(run).error().place == "x.dat");
}

TEST_CASE("a window counts from the first time in the file") {
  const TemporaryFolder folder;
  const auto run = recorded(folder, test::family);
  const auto window = window_in(run, {std::chrono::seconds(1), std::nullopt}).value();
  CHECK(window.begin == at(1001));
  CHECK(window.end == Instant::max());
  CHECK(window_in(run, {}).value().is_whole());
}

TEST_CASE("a run without samples is malformed, but a window without samples is not") {
  const RecordedRun run{.name = "x.dat", .path = "/tmp/x.dat"};
  CHECK(no_samples(run).code == Errc::malformed);
  const auto error = no_samples_in_window(run, {at(1000), at(1002)});
  CHECK(error.code == Errc::not_found);
  CHECK(error.place == "x.dat");
  CHECK(error.hint == "it lasts 2.0 s");
}

TEST_CASE("the warning for a damaged file has the number of the first damaged line") {
  const RecordedRun run{.name = "x.dat", .path = "/tmp/x.dat"};
  CHECK(damage_text(run, 1, {14, "cut off"}) == "x.dat: skipped 1 damaged line (line 14: cut off)");
  CHECK(damage_text(run, 3, {14, "cut off"}) ==
        "x.dat: skipped 3 damaged lines (the first, line 14: cut off)");
}
