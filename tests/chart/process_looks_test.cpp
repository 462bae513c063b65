#include "mprofpp/chart/process_looks.hpp"

#include <doctest/doctest.h>

#include "mprofpp/chart/palette.hpp"

using namespace mprofpp;

namespace {

/// Returns a history of processes with these titles. The peak of each is below that of the one before.
analysis::History history_of(const std::vector<std::string>& titles) {
  const Instant start{std::chrono::seconds(1000)};
  const analysis::Grid grid{
      .origin = start, .begin = start, .end = start + std::chrono::seconds(10)};
  analysis::HistoryFold fold(grid);
  for (std::size_t i = 0; i < titles.size(); ++i) {
    model::Process process;
    process.t = start;
    process.id = {static_cast<pid_t>(100 + i), 1};
    process.name = titles[i];
    process.command = titles[i];
    fold.take(process);
  }
  for (int tick = 0; tick < 3; ++tick) {
    const auto t = start + std::chrono::seconds(tick);
    model::Sample sample;
    sample.t = t;
    sample.mib = 1000;
    fold.take(sample);
    for (std::size_t i = 0; i < titles.size(); ++i) {
      fold.take(
          model::ChildSample{static_cast<pid_t>(100 + i), 50 - static_cast<double>(i) / 10, t});
    }
  }
  return fold.finish();
}

}  // namespace

TEST_CASE("each of a few processes has a colour of its own") {
  const auto numbers = chart::colour_numbers(history_of({"nginx", "gunicorn", "redis"}));
  REQUIRE(numbers.size() == 3);
  CHECK(numbers[0] == 0u);
  CHECK(numbers[1] == 1u);
  CHECK(numbers[2] == 2u);
}

TEST_CASE("processes that do the same have the colour of their group") {
  std::vector<std::string> titles = {"master"};
  for (int i = 0; i < 30; ++i) titles.push_back("worker " + std::to_string(i));
  const auto numbers = chart::colour_numbers(history_of(titles));
  REQUIRE(numbers.size() == 31);
  REQUIRE(numbers[30]);
  CHECK(numbers[29] == numbers[30]);
  CHECK(numbers[0] != numbers[30]);
}
