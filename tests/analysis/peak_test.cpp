#include "mprofpp/analysis/peak.hpp"

#include <doctest/doctest.h>

#include <limits>

using namespace mprofpp;
using analysis::PeakFold;
using model::Metric;
using Source = model::KernelPeak::Source;
using namespace std::chrono_literals;

namespace {

Instant at(int seconds) {
  return Instant{std::chrono::seconds(1000 + seconds)};
}

model::Process process(pid_t pid, std::uint64_t start, pid_t parent, int t) {
  return {{pid, start}, parent, at(t), "name" + std::to_string(pid), "command"};
}

}  // namespace

TEST_CASE("the sampled peak is the first of the highest MEM values") {
  PeakFold fold;
  fold.take(model::Sample{10, at(0)});
  fold.take(model::Sample{30, at(1)});
  fold.take(model::Sample{30, at(2)});
  const auto report = fold.report();
  CHECK(report.sampled->mib == 30);
  CHECK(report.sampled->t == at(1));
  CHECK(report.start == at(0));
  CHECK(report.best()->mib == 30);
  CHECK_FALSE(report.kernel.has_value());
}

TEST_CASE("times count from the recording's start, or from a call that began before all samples") {
  PeakFold started;
  started.take(model::Settings{.start = at(0)});
  started.take(model::Sample{1, at(2)});
  CHECK(started.report().start == at(0));

  PeakFold called;
  called.take(model::Sample{1, at(2)});
  model::Call call;
  call.t_in = at(1);
  called.take(call);
  CHECK(called.report().start == at(1));
}

TEST_CASE("values that are not numbers never count, and alone they are not a peak") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  PeakFold fold;
  fold.take(model::Sample{nan, at(0)});
  CHECK_FALSE(fold.report().sampled.has_value());

  PeakFold mixed;
  mixed.take(model::Sample{nan, at(0)});
  mixed.take(model::Sample{-2, at(1)});
  mixed.take(model::Sample{nan, at(2)});
  CHECK(mixed.report().sampled->mib == -2);
}

TEST_CASE("the kernel's peak of the root is the best one when MEM is the root alone") {
  PeakFold fold;
  fold.take(model::Settings{.roots = {7}});
  fold.take(process(7, 1, 1, 0));
  fold.take(model::Sample{1, at(0)});
  fold.take(model::KernelPeak{7, 65, Source::rusage});
  const auto report = fold.report();
  CHECK(report.kernel->mib == 65);
  CHECK(report.best()->mib == 65);
}

TEST_CASE("a kernel peak read before the last sample is raised to it") {
  PeakFold fold;
  fold.take(model::Settings{.roots = {7}});
  fold.take(process(7, 1, 1, 0));
  fold.take(model::KernelPeak{7, 20, Source::hwm});
  fold.take(model::Sample{20.1, at(1)});
  const auto report = fold.report();
  CHECK(report.kernel->mib == 20.1);
  CHECK(report.processes[0].kernel->mib == 20.1);
}

TEST_CASE("the sum over a tree of several processes has no kernel peak") {
  PeakFold fold;
  fold.take(model::Settings{.roots = {7}});
  fold.take(model::Settings{.children = model::Children::summed});
  fold.take(process(7, 1, 1, 0));
  fold.take(process(8, 2, 7, 0));
  fold.take(model::Sample{10, at(0)});
  fold.take(model::KernelPeak{7, 9, Source::hwm});
  const auto report = fold.report();
  CHECK_FALSE(report.kernel.has_value());
  CHECK(report.best()->mib == 10);
  CHECK(report.processes[0].kernel->mib == 9);
}

TEST_CASE("tree-max is the largest single process, and not the peak of the root") {
  PeakFold fold;
  fold.take(model::Settings{.roots = {7}});
  fold.take(process(7, 1, 1, 0));
  fold.take(model::Sample{3, at(0)});
  fold.take(model::KernelPeak{7, 3, Source::hwm});
  fold.take(model::KernelPeak{7, 300, Source::tree_max});
  const auto report = fold.report();
  CHECK(report.kernel->mib == 3);
  CHECK(report.largest->mib == 300);
}

TEST_CASE("a reused pid is another process with its own peak") {
  PeakFold fold;
  fold.take(process(8, 100, 1, 0));
  fold.take(model::ChildSample{8, 50, at(0)});
  fold.take(model::Exit{8, at(1), 0});
  fold.take(process(8, 200, 1, 2));
  fold.take(model::ChildSample{8, 5, at(2)});
  const auto report = fold.report();
  REQUIRE(report.processes.size() == 2);
  CHECK(report.processes[0].sampled->mib == 50);
  CHECK(report.processes[0].last_seen == at(1));
  CHECK(report.processes[1].sampled->mib == 5);
  CHECK(report.processes[1].first_seen == at(2));
}

TEST_CASE("a process that renames itself stays one process, under its last name") {
  PeakFold fold;
  fold.take(process(8, 100, 1, 0));
  auto renamed = process(8, 100, 1, 1);
  renamed.name = "worker";
  fold.take(renamed);
  const auto report = fold.report();
  REQUIRE(report.processes.size() == 1);
  CHECK(report.processes[0].name == "worker");
  CHECK(report.processes[0].first_seen == at(0));
}

TEST_CASE("the root's own peak is MEM minus the children's lines of the same tick") {
  PeakFold fold;
  fold.take(model::Settings{.roots = {7}});
  fold.take(model::Settings{.children = model::Children::summed_and_apart});
  fold.take(process(7, 1, 1, 0));
  fold.take(process(8, 2, 7, 0));
  fold.take(model::Sample{30, at(0)});
  fold.take(model::ChildSample{8, 20, at(0)});
  fold.take(model::Sample{100, at(1)});
  fold.take(model::ChildSample{8, 95, at(1)});
  const auto report = fold.report();
  CHECK(report.processes[0].is_root);
  CHECK(report.processes[0].sampled->mib == 10);
  CHECK(report.processes[1].sampled->mib == 95);
}

TEST_CASE("children of an mprof recording have pids and no names") {
  PeakFold fold;
  fold.take(model::Sample{30, at(0)});
  fold.take(model::ChildSample{8, 20, at(0)});
  const auto report = fold.report();
  REQUIRE(report.processes.size() == 1);
  CHECK(report.processes[0].id.pid == 8);
  CHECK(report.processes[0].name.empty());
  CHECK_FALSE(report.processes[0].is_root);
}

TEST_CASE("other metrics have a peak, a time and a cost per reading of their own") {
  PeakFold fold;
  fold.take(model::Sample{10, at(0), {{Metric::pss, 8}, {Metric::swap, 0}}});
  fold.take(model::Sample{30, at(1)});
  fold.take(model::Sample{20, at(2), {{Metric::pss, 9}}});
  fold.take(model::Settings{.metric_costs = {{Metric::pss, std::chrono::milliseconds(3)}}});
  const auto report = fold.report();
  REQUIRE(report.metrics.size() == 2);
  const auto& pss = report.metrics[0];
  CHECK(pss.metric == Metric::pss);
  CHECK(pss.sampled.mib == 9);
  CHECK(pss.sampled.t == at(2));
  CHECK(pss.readings == 2);
  CHECK(pss.cost == 0.003);
  CHECK(report.metrics[1].readings == 1);
  CHECK_FALSE(report.metrics[1].cost.has_value());
}

TEST_CASE("MEM's other metrics are the root's own only if MEM is the root alone") {
  for (const auto tree : {model::Children::summed, model::Children::apart}) {
    CAPTURE(static_cast<int>(tree));
    PeakFold fold;
    fold.take(model::Settings{.roots = {7}});
    fold.take(model::Settings{.children = tree});
    fold.take(process(7, 1, 1, 0));
    fold.take(process(8, 1, 7, 0));
    fold.take(model::Sample{10, at(0), {{Metric::pss, 6}}});
    fold.take(model::ChildSample{8, 4, at(0), {{Metric::pss, 2}}});
    const auto report = fold.report();
    CHECK(report.metrics.size() == 1);
    CHECK(report.processes[0].metrics.size() == (tree == model::Children::summed ? 0 : 1));
    REQUIRE(report.processes[1].metrics.size() == 1);
    CHECK(report.processes[1].metrics[0].sampled.mib == 2);
  }
}

TEST_CASE("the address space of a process is the higher of the kernel's mark and the readings") {
  PeakFold fold;
  fold.take(model::Settings{.roots = {7}});
  fold.take(process(7, 1, 1, 0));
  fold.take(model::Sample{1, at(0), {{Metric::vms, 40}}});
  fold.take(model::KernelPeak{7, 2, Source::hwm, 50});
  fold.take(model::KernelPeak{7, 2, Source::rusage});
  CHECK(fold.report().vms == 50);
}

TEST_CASE("percentages are of the memory of the machine that recorded, or unknown") {
  PeakFold fold;
  fold.take(model::Settings{.host_memory = Bytes::from_mebibytes(4000)});
  fold.take(model::Sample{100, at(0)});
  const auto report = fold.report();
  CHECK(report.percent(report.best()->mib) == 2.5);
  CHECK_FALSE(report.percent(std::nullopt).has_value());
  CHECK_FALSE(PeakFold().report().percent(100).has_value());
}

TEST_CASE("damaged lines are counted, and the first one is kept") {
  PeakFold fold;
  fold.take(model::Damage{3, "missing or invalid time"});
  fold.take(model::Damage{9, "cut off after 5 bytes"});
  const auto report = fold.report();
  CHECK(report.damaged_lines == 2);
  CHECK(report.first_damage->line == 3);
}

TEST_CASE("the largest single process is never smaller than a process") {
  PeakFold fold;
  fold.take(model::Settings{.roots = {7}});
  fold.take(process(7, 1, 1, 0));
  fold.take(model::Sample{10, at(0)});
  fold.take(model::KernelPeak{7, 76.4, Source::hwm});
  fold.take(model::KernelPeak{7, 76.3, Source::tree_max});
  const auto report = fold.report();
  REQUIRE(report.largest.has_value());
  CHECK(report.largest->mib == 76.4);
}

TEST_CASE("the largest single process bounds the peak of a tree from below") {
  using Certainty = analysis::BestPeak::Certainty;
  PeakFold fold;
  fold.take(model::Settings{.roots = {7}});
  fold.take(model::Settings{.children = model::Children::summed});
  fold.take(process(7, 1, 1, 0));
  fold.take(process(8, 2, 7, 0));
  fold.take(model::Sample{3, at(0)});
  SUBCASE("known from the exit of the root") {
    fold.take(model::KernelPeak{7, 65, Source::tree_max});
  }
  SUBCASE("known from the process itself") {
    fold.take(model::KernelPeak{7, 2, Source::tree_max});
    fold.take(model::KernelPeak{8, 65, Source::hwm});
  }
  const auto report = fold.report();
  CHECK(report.best()->mib == 65);
  CHECK(report.best()->certainty == Certainty::at_least);
  CHECK(report.largest->mib == 65);
}

TEST_CASE("a sample of the sum above every single process is the peak itself") {
  PeakFold fold;
  fold.take(model::Settings{.roots = {7}});
  fold.take(model::Settings{.children = model::Children::summed});
  fold.take(process(7, 1, 1, 0));
  fold.take(process(8, 2, 7, 0));
  fold.take(model::Sample{80, at(0)});
  fold.take(model::KernelPeak{8, 65, Source::hwm});
  const auto report = fold.report();
  CHECK(report.best()->mib == 80);
  CHECK(report.best()->certainty == analysis::BestPeak::Certainty::measured);
}

TEST_CASE("children that MEM leaves out do not raise its peak") {
  PeakFold fold;
  fold.take(model::Settings{.roots = {7}});
  fold.take(model::Settings{.children = model::Children::left_out});
  fold.take(process(7, 1, 1, 0));
  fold.take(model::Sample{3, at(0)});
  fold.take(model::KernelPeak{7, 65, Source::tree_max});
  CHECK(fold.report().best()->mib == 3);
}

TEST_CASE("a process, and the root too, is called by its command at its highest sample") {
  PeakFold fold;
  fold.take(model::Settings{.roots = {1}});
  fold.take(model::Settings{.children = model::Children::summed_and_apart});
  const auto called = [](pid_t pid, const char* command, int t) {
    return model::Process{{pid, 9}, 0, at(t), "x", command};
  };
  fold.take(called(1, "first", 0));
  fold.take(called(2, "idle", 0));
  fold.take(model::Sample{100, at(0)});
  fold.take(model::ChildSample{2, 10, at(0)});
  fold.take(called(1, "second", 1));
  fold.take(called(2, "busy", 1));
  fold.take(model::Sample{100, at(1)});
  fold.take(model::ChildSample{2, 60, at(1)});
  fold.take(called(2, "idle", 2));
  fold.take(model::Sample{30, at(2)});
  fold.take(model::ChildSample{2, 10, at(2)});
  const auto report = fold.report();
  CHECK(report.processes[0].command == "first");
  CHECK(report.processes[1].command == "busy");
  CHECK(report.processes[1].titles.other_titles() == std::vector<std::string>{"idle"});
}
