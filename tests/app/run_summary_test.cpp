#include "summary/run_summary.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "captured.hpp"

using namespace mprofpp;
using namespace mprofpp::app;
using namespace std::chrono_literals;
using Kind = SummaryLine::Kind;

namespace {

/// The outcome of a program that ran for ten seconds and peaked at 50 MiB.
record::Outcome outcome() {
  record::Outcome outcome;
  outcome.path = "/no/such/file.dat";
  outcome.duration = 10s;
  outcome.interval = 100ms;
  outcome.samples = 101;
  outcome.ticks = 100;
  outcome.figures = record::Figures{.peak = Bytes::from_mebibytes(50),
                                    .peak_at = 3s,
                                    .mean = Bytes::from_mebibytes(30),
                                    .last = Bytes::from_mebibytes(20)};
  return outcome;
}

record::Options launched(std::vector<std::string> argv = {"./a.out"}) {
  record::Options options;
  options.target = record::Launch{{std::move(argv), "hold"}, {}};
  return options;
}

record::Options attached() {
  record::Options options;
  options.target = record::Attach{{42}};
  return options;
}

std::vector<std::string> texts_of(const std::vector<SummaryLine>& lines, Kind kind) {
  std::vector<std::string> texts;
  for (const auto& line : lines) {
    if (line.kind == kind) texts.push_back(line.strong + line.text);
  }
  return texts;
}

std::vector<std::string> notes(const record::Outcome& outcome, const record::Options& options,
                               Summary summary = Summary::brief) {
  return texts_of(run_summary(outcome, options, summary), Kind::note);
}

std::vector<std::string> warnings(const record::Outcome& outcome, const record::Options& options) {
  return texts_of(run_summary(outcome, options, Summary::brief), Kind::warning);
}

bool has(const std::vector<std::string>& lines, const std::string& text) {
  return std::find(lines.begin(), lines.end(), text) != lines.end();
}

}  // namespace

TEST_CASE("a message about growth is a line of the summary, and without one there is no line") {
  const auto lines =
      texts_of(run_summary(outcome(), launched(), Summary::brief, "grows: +6.0 MiB/h"), Kind::note);
  CHECK(has(lines, "grows: +6.0 MiB/h"));
  CHECK(lines.size() == notes(outcome(), launched()).size() + 1);
}

TEST_CASE("a summary starts with the peak and the samples") {
  const auto lines = notes(outcome(), launched());
  REQUIRE(lines.size() == 2);
  CHECK(lines[0] == "peak 50.0 MiB at 3.0 s, mean 30.0 MiB, end 20.0 MiB");
  CHECK(lines[1] == "10.0 s, 101 samples, none missed, in /no/such/file.dat");
}

TEST_CASE("a recording on stdout is written to it, not in it") {
  auto recorded = outcome();
  recorded.path = "standard output";
  auto options = launched();
  options.descriptor = 1;
  CHECK(notes(recorded, options)[1] ==
        "10.0 s, 101 samples, none missed, written to standard output");
}

TEST_CASE("the peak is printed in bold, and the next step dimmed") {
  const test::CurrentFolder folder;
  auto recorded = outcome();
  recorded.path = folder->write("my file.dat", "");
  const test::Captured captured(Console::Colours::shown);
  print(run_summary(recorded, launched(), Summary::brief), captured.console());
  CHECK(captured.err().starts_with("mprofpp: \033[1mpeak 50.0 MiB\033[0m at 3.0 s"));
  CHECK(captured.err().ends_with("\033[2mnext: mprofpp plot '" + recorded.path + "'\033[0m\n"));
}

TEST_CASE("a peak that only the kernel knows is printed before the sampled one") {
  auto spiked = outcome();
  spiked.kernel_peak = Bytes::from_mebibytes(70);
  CHECK(notes(spiked, launched())[0] ==
        "peak 70.0 MiB (sampled 50.0 MiB at 3.0 s), mean 30.0 MiB, end 20.0 MiB");
}

TEST_CASE("a process larger than any sum of its tree is a lower bound") {
  auto tree = outcome();
  tree.largest_process = Bytes::from_mebibytes(80);
  CHECK(notes(tree, launched())[0].starts_with("peak at least 80.0 MiB (sampled 50.0 MiB"));
}

TEST_CASE("a recording shorter than an interval has no mean and no end") {
  auto shortest = outcome();
  shortest.duration = 50ms;
  CHECK(notes(shortest, launched())[0] == "peak 50.0 MiB at 3.0 s");
}

TEST_CASE("missed samples are counted, with the pace that was kept") {
  auto slow = outcome();
  slow.missed_ticks = 100;
  CHECK(notes(slow, launched())[1].find("100 missed (asked for one every 100 ms, got one every "
                                        "200 ms)") != std::string::npos);
}

TEST_CASE("the memory that a tree shares is printed, or why it is not known") {
  auto tree = outcome();
  tree.sharing = record::Sharing{Bytes::from_mebibytes(40), Bytes::from_mebibytes(90), 2s};
  CHECK(has(notes(tree, launched()),
            "40 MiB PSS; sum of RSS 90 MiB (at 2.0 s; --backend pss counts shared pages once)"));
  tree.sharing = std::nullopt;
  tree.unknown_sharing = record::UnknownSharing{record::UnknownSharing::Cause::refused, {}};
  CHECK(has(notes(tree, launched()),
            "sum of RSS, with shared pages counted in each process; PSS of another user's process "
            "needs root"));
}

TEST_CASE("an additional metric is printed with how often it was read and what that took") {
  auto measured = outcome();
  record::ReadingCost cost;
  cost.rounds = 7;
  cost.gap = 1200ms;
  cost.each = 3100us;
  measured.metric_costs = {{{model::Metric::pss}, cost}};
  CHECK(has(notes(measured, launched()), "pss read every 1.2 s (3.1 ms each)"));
  measured.metric_costs[0].cost.gap = 100ms;
  CHECK(has(notes(measured, launched()), "pss read at every sample (3.1 ms each)"));
  measured.metric_costs[0].cost.rounds = 1;
  CHECK(has(notes(measured, launched()), "pss read once (3.1 ms each)"));
  measured.metric_costs[0].cost.rounds = 0;
  CHECK(has(notes(measured, launched()), "pss never read"));
}

TEST_CASE("readings that are too expensive or refused are warnings") {
  auto measured = outcome();
  record::ReadingCost cost;
  cost.too_much = 80ms;
  cost.refused = true;
  measured.metric_costs = {{{model::Metric::pss}, cost}};
  const auto lines = warnings(measured, launched());
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].starts_with("pss of some processes is missing: a reading takes about 80 ms"));
  CHECK(lines[1].ends_with("reading another user's process needs root"));
}

TEST_CASE("unseen processes are noted if the program's own do not report themselves") {
  auto busy = outcome();
  busy.unseen_processes = 2;
  auto options = launched();
  const auto is_noted = [&](Summary summary) {
    const auto lines = notes(busy, options, summary);
    return std::any_of(lines.begin(), lines.end(),
                       [](const auto& line) { return line.starts_with("up to 2 processes "); });
  };
  CHECK(is_noted(Summary::brief));
  options.marks.emplace();
  CHECK_FALSE(is_noted(Summary::brief));
  CHECK(is_noted(Summary::all));
}

TEST_CASE("children that were left out are noted if they matter") {
  auto parent = outcome();
  parent.children_peak = Bytes::from_mebibytes(4);
  CHECK(notes(parent, launched()).size() == 2);
  parent.children_peak = Bytes::from_mebibytes(6);
  CHECK(has(notes(parent, launched()), "children are not included: +6.0 MiB (add them with -C)"));
  auto options = launched();
  options.children = model::Children::apart;
  CHECK(has(notes(parent, options), "children are not included: +6.0 MiB (add them with -C)"));
  for (const auto children : {model::Children::summed, model::Children::summed_and_apart}) {
    options.children = children;
    CHECK(notes(parent, options).size() == 2);
  }
}

TEST_CASE("missing marks, lost marks and a new Python are reported") {
  auto marked = outcome();
  marked.lost_marks = 1;
  marked.newer_pythons = {"3.99"};
  marked.missing_marks.emplace().cause = python::MissingMarksReason::Cause::left_out;
  const auto lines = notes(marked, launched());
  CHECK(has(lines,
            "1 mark came too fast; their calls are missing (--no-trace leaves functions out)"));
  CHECK(has(lines, "no @profile marks: they are turned off (run without --no-marks)"));
  CHECK(warnings(marked, launched())[0].starts_with("python3.99 is newer than 3."));
}

TEST_CASE("the end of the recording is explained") {
  auto ended = outcome();
  CHECK(has(notes(ended, attached()), "the process exited after 10.0 s"));
  ended.end = model::EndReason::timed_out;
  CHECK(has(notes(ended, attached()), "timeout reached"));
  ended.suspended = 90s;
  CHECK(has(notes(ended, attached()), "suspended for 1 min 30 s: that time was not recorded"));
}

TEST_CASE("descendants that still run are listed, the first three of them") {
  auto ended = outcome();
  ended.survivors = {{7, "a"}, {8, "b\n"}, {9, "c"}, {10, "d"}, {11, "e"}};
  CHECK(
      has(notes(ended, launched()), "still running, and left alone: a 7, b\\n 8, c 9 and 2 more"));
}

TEST_CASE("an option after the program that looks like mprofpp's is noted") {
  const auto is_noted = [](std::vector<std::string> argv) {
    return notes(outcome(), launched(std::move(argv))).size() == 3;
  };
  CHECK(is_noted({"./a.out", "-C"}));
  CHECK(is_noted({"./a.out", "x", "--multiprocess", "y"}));
  CHECK(is_noted({"./a.out", "-o", "x.dat"}));
  CHECK(is_noted({"./a.out", "-T", "0.1"}));
  CHECK_FALSE(is_noted({"./a.out", "-C", "x"}));
  CHECK_FALSE(is_noted({"./a.out", "-o", "x.txt"}));
  CHECK_FALSE(is_noted({"./a.out", "-T", "fast"}));
}

TEST_CASE("a recording that is not a file has no next step") {
  CHECK(texts_of(run_summary(outcome(), launched(), Summary::brief), Kind::next_step).empty());
}

TEST_CASE("a recording without samples is explained by the cause") {
  auto nothing = outcome();
  nothing.figures = std::nullopt;
  CHECK(no_samples(nothing, launched()).code == Errc::vanished);
  nothing.refused = true;
  CHECK(no_samples(nothing, launched()).code == Errc::denied);
  nothing.refused = false;
  nothing.end = model::EndReason::timed_out;
  CHECK(no_samples(nothing, launched()).code == Errc::io);
}

TEST_CASE("counts of objects that failed are reported with the reason of the first") {
  auto recorded = outcome();
  auto options = launched();
  options.objects = record::ObjectOptions{30s, 200ms, "agent"};
  recorded.objects = record::ObjectOutcome{5, 0, {}};
  CHECK(warnings(recorded, options).empty());
  CHECK_FALSE(has(notes(recorded, options), "objects"));
  const Error error{Errc::busy, "process 7", "Python was busy", "--max-pause 2s waits longer"};
  recorded.objects = record::ObjectOutcome{5, 2, error};
  CHECK(warnings(recorded, options) ==
        std::vector<std::string>{"2 counts of objects failed: process 7 Python was busy "
                                 "(--max-pause 2s waits longer)"});
}

TEST_CASE("a recording without a count of objects has a note") {
  auto recorded = outcome();
  auto options = launched();
  options.objects = record::ObjectOptions{30s, 200ms, "agent"};
  recorded.objects = record::ObjectOutcome{};
  CHECK(has(notes(recorded, options),
            "no objects were counted: no Python process was there when it was time (a shorter "
            "--objects counts sooner)"));
}
