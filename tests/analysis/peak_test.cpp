#include "mprofpp/analysis/peak.hpp"

#include <doctest/doctest.h>

#include <limits>

using namespace mprofpp;
using analysis::PeakFold;
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
  PeakFold told;
  told.take(model::Meta{"start", {std::to_string(to_seconds(at(0)))}});
  told.take(model::Sample{1, at(2)});
  CHECK(told.report().start == at(0));

  PeakFold called;
  called.take(model::Sample{1, at(2)});
  model::Call call;
  call.t_in = at(1);
  called.take(call);
  CHECK(called.report().start == at(1));
}

TEST_CASE("values that are no number never count, and alone they are no peak") {
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
  fold.take(model::Meta{"root", {"7"}});
  fold.take(process(7, 1, 1, 0));
  fold.take(model::Sample{1, at(0)});
  fold.take(model::KernelPeak{7, 65, Source::rusage});
  const auto report = fold.report();
  CHECK(report.kernel->mib == 65);
  CHECK(report.best()->mib == 65);
}

TEST_CASE(
    "a kernel peak read before the last sample is lifted to it: a sample is the kernel's word "
    "too") {
  PeakFold fold;
  fold.take(model::Meta{"root", {"7"}});
  fold.take(process(7, 1, 1, 0));
  fold.take(model::KernelPeak{7, 20, Source::hwm});
  fold.take(model::Sample{20.1, at(1)});
  const auto report = fold.report();
  CHECK(report.kernel->mib == 20.1);
  CHECK(report.processes[0].kernel->mib == 20.1);
}

TEST_CASE("the sum over a tree of several has no kernel peak") {
  PeakFold fold;
  fold.take(model::Meta{"root", {"7"}});
  fold.take(model::Meta{"tree", {"C"}});
  fold.take(process(7, 1, 1, 0));
  fold.take(process(8, 2, 7, 0));
  fold.take(model::Sample{10, at(0)});
  fold.take(model::KernelPeak{7, 9, Source::hwm});
  const auto report = fold.report();
  CHECK_FALSE(report.kernel.has_value());
  CHECK(report.best()->mib == 10);
  CHECK(report.processes[0].kernel->mib == 9);
}

TEST_CASE("tree-max is the largest single process and nobody's own peak") {
  PeakFold fold;
  fold.take(model::Meta{"root", {"7"}});
  fold.take(process(7, 1, 1, 0));
  fold.take(model::Sample{3, at(0)});
  fold.take(model::KernelPeak{7, 3, Source::hwm});
  fold.take(model::KernelPeak{7, 300, Source::tree_max});
  const auto report = fold.report();
  CHECK(report.kernel->mib == 3);
  CHECK(report.largest->mib == 300);
}

TEST_CASE("a pid that comes again is another process") {
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

TEST_CASE("the root's own peak is MEM less the children's lines of the same tick") {
  PeakFold fold;
  fold.take(model::Meta{"root", {"7"}});
  fold.take(model::Meta{"tree", {"CM"}});
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

TEST_CASE("other metrics have a peak and a time of their own, and know what a reading took") {
  PeakFold fold;
  fold.take(model::Sample{10, at(0), {{"pss", 8}, {"swap", 0}}});
  fold.take(model::Sample{30, at(1)});
  fold.take(model::Sample{20, at(2), {{"pss", 9}}});
  fold.take(model::Meta{"metric_cost", {"pss=0.003", "swap", "=1", "uss=x"}});
  const auto report = fold.report();
  REQUIRE(report.metrics.size() == 2);
  const auto& pss = report.metrics[0];
  CHECK(pss.metric == "pss");
  CHECK(pss.sampled.mib == 9);
  CHECK(pss.sampled.t == at(2));
  CHECK(pss.readings == 2);
  CHECK(pss.cost == 0.003);
  CHECK(report.metrics[1].readings == 1);
  CHECK_FALSE(report.metrics[1].cost.has_value());
}

TEST_CASE("MEM's other metrics are the root's own only where MEM is the root alone") {
  for (const std::string tree : {"C", "M"}) {
    CAPTURE(tree);
    PeakFold fold;
    fold.take(model::Meta{"root", {"7"}});
    fold.take(model::Meta{"tree", {tree}});
    fold.take(process(7, 1, 1, 0));
    fold.take(process(8, 1, 7, 0));
    fold.take(model::Sample{10, at(0), {{"pss", 6}}});
    fold.take(model::ChildSample{8, 4, at(0), {{"pss", 2}}});
    const auto report = fold.report();
    CHECK(report.metrics.size() == 1);
    CHECK(report.processes[0].metrics.size() == (tree == "C" ? 0 : 1));
    REQUIRE(report.processes[1].metrics.size() == 1);
    CHECK(report.processes[1].metrics[0].sampled.mib == 2);
  }
}

TEST_CASE("the address space of a process is the higher of the kernel's mark and the readings") {
  PeakFold fold;
  fold.take(model::Meta{"root", {"7"}});
  fold.take(process(7, 1, 1, 0));
  fold.take(model::Sample{1, at(0), {{"vms", 40}}});
  fold.take(model::KernelPeak{7, 2, Source::hwm, 50});
  fold.take(model::KernelPeak{7, 2, Source::rusage});
  CHECK(fold.report().vms == 50);
}

TEST_CASE("the part of the machine's memory is of the machine that recorded, or unknown") {
  PeakFold fold;
  fold.take(model::Meta{"host_memory", {"4000"}});
  fold.take(model::Sample{100, at(0)});
  const auto report = fold.report();
  CHECK(report.percent(report.best()->mib) == 2.5);
  CHECK_FALSE(report.percent(std::nullopt).has_value());
  CHECK_FALSE(PeakFold().report().percent(100).has_value());
}

TEST_CASE("damage is counted and the first is kept") {
  PeakFold fold;
  fold.take(model::Damage{3, "no time where one should be"});
  fold.take(model::Damage{9, "cut off after 5 bytes"});
  const auto report = fold.report();
  CHECK(report.damaged_lines == 2);
  CHECK(report.first_damage->line == 3);
}

TEST_CASE("the largest single process bounds the peak of a tree from below") {
  using Certainty = analysis::BestPeak::Certainty;
  PeakFold fold;
  fold.take(model::Meta{"root", {"7"}});
  fold.take(model::Meta{"tree", {"C"}});
  fold.take(process(7, 1, 1, 0));
  fold.take(process(8, 2, 7, 0));
  fold.take(model::Sample{3, at(0)});
  SUBCASE("known from the end of the root") {
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
  fold.take(model::Meta{"root", {"7"}});
  fold.take(model::Meta{"tree", {"C"}});
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
  fold.take(model::Meta{"root", {"7"}});
  fold.take(model::Meta{"tree", {"-"}});
  fold.take(process(7, 1, 1, 0));
  fold.take(model::Sample{3, at(0)});
  fold.take(model::KernelPeak{7, 65, Source::tree_max});
  CHECK(fold.report().best()->mib == 3);
}
