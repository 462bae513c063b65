#include "mprofpp/record/summary.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace mprofpp;
using namespace mprofpp::record;
using namespace std::chrono_literals;

namespace {

constexpr Instant start{1000s};

Options options_with(Children children) {
  Options options;
  options.children = children;
  return options;
}

proc::Member reading_of(pid_t pid, Bytes used) {
  proc::Stat stat;
  stat.pid = pid;
  proc::Member made(stat, model::Metric::rss, start);
  made.used = used;
  return made;
}

/// Returns the members of a tree that all use the same amount.
std::vector<proc::Member> readings_of(pid_t count, Bytes used) {
  std::vector<proc::Member> members;
  for (pid_t pid = 1; pid <= count; ++pid) members.push_back(reading_of(pid, used));
  return members;
}

}  // namespace

TEST_CASE("the outcome has the figures of the samples, with times since the start") {
  const auto options = options_with(Children::left_out);
  Summary summary(options, "x.dat", start);
  summary.add_sample(Bytes(10), start + 1s, 1s);
  summary.add_sample(Bytes(40), start + 2s, 2s);
  summary.finish(model::EndReason::timed_out, start + 3s, 2s, ExtraMetrics(options), {});
  const auto& outcome = summary.outcome();
  CHECK(outcome.path == "x.dat");
  CHECK(outcome.end == model::EndReason::timed_out);
  CHECK(outcome.duration == 3s);
  CHECK(outcome.samples == 2);
  REQUIRE(outcome.figures.has_value());
  CHECK(outcome.figures->peak == Bytes(40));
  CHECK(outcome.figures->peak_at == 2s);
  CHECK(outcome.figures->last == Bytes(40));
}

TEST_CASE("without samples there are no figures") {
  const auto options = options_with(Children::left_out);
  Summary summary(options, "x.dat", start);
  summary.finish(model::EndReason::ended, start, 1s, ExtraMetrics(options), {});
  CHECK_FALSE(summary.outcome().figures.has_value());
}

TEST_CASE(
    "the kernel's peak of the root is that of the line as long as the line is the root alone") {
  const auto peak_with = [](Children children, bool had_children) {
    const auto options = options_with(children);
    Summary summary(options, "x.dat", start);
    summary.add_sample(Bytes(10), start, 1s);
    if (had_children) summary.note_children();
    summary.add_root_end(7, Bytes(30));
    CHECK(summary.outcome().status == 7);
    return summary.outcome().kernel_peak;
  };
  CHECK(peak_with(Children::summed, false) == Bytes(30));
  CHECK(peak_with(Children::summed, true) == std::nullopt);
  CHECK(peak_with(Children::apart, true) == Bytes(30));
}

TEST_CASE("the kernel's peak is never below the highest sample") {
  const auto options = options_with(Children::left_out);
  Summary summary(options, "x.dat", start);
  summary.add_sample(Bytes(50), start, 1s);
  summary.add_root_end(0, Bytes(30));
  CHECK(summary.outcome().kernel_peak == Bytes(50));
}

TEST_CASE("the memory of children that are left out is the highest that they had together") {
  const auto options = options_with(Children::left_out);
  Summary summary(options, "x.dat", start);
  summary.add_children(Bytes(20));
  summary.add_children(Bytes(10));
  CHECK(summary.outcome().children_peak == Bytes(20));
}

TEST_CASE("what processes share is reported for a sum of several, or why it is not known") {
  const auto options = options_with(Children::summed);
  const auto two = readings_of(2, Bytes(30));
  SUBCASE("read at the peak") {
    Summary summary(options, "x.dat", start);
    summary.add_sharing(Bytes(60), two, Bytes(40), start + 1s);
    summary.finish(model::EndReason::ended, start + 2s, 1s, ExtraMetrics(options), {});
    REQUIRE(summary.outcome().sharing.has_value());
    CHECK(summary.outcome().sharing->pss == Bytes(40));
    CHECK_FALSE(summary.outcome().unknown_sharing.has_value());
  }
  SUBCASE("never read") {
    Summary summary(options, "x.dat", start);
    summary.add_sharing(Bytes(60), two, std::nullopt, start + 1s);
    summary.finish(model::EndReason::ended, start + 2s, 1s, ExtraMetrics(options), {});
    CHECK_FALSE(summary.outcome().sharing.has_value());
    CHECK(summary.outcome().unknown_sharing.has_value());
  }
  SUBCASE("one process shares nothing") {
    Summary summary(options, "x.dat", start);
    summary.add_sharing(Bytes(30), readings_of(1, Bytes(30)), std::nullopt, start + 1s);
    summary.finish(model::EndReason::ended, start + 2s, 1s, ExtraMetrics(options), {});
    CHECK_FALSE(summary.outcome().unknown_sharing.has_value());
  }
}
