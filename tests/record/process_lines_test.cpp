#include "mprofpp/record/process_lines.hpp"

#include <doctest/doctest.h>

#include <utility>
#include <vector>

#include "mprofpp/store/lines.hpp"

using namespace mprofpp;
using namespace mprofpp::record;
using namespace std::chrono_literals;

namespace {

constexpr pid_t root = 7;
constexpr pid_t child = 8;
constexpr Instant now{1000s};

proc::Member member(pid_t pid, const std::string& name = "sh") {
  proc::Stat stat;
  stat.pid = pid;
  stat.parent = 1;
  stat.start = 5;
  proc::Member made(stat, model::Metric::rss, now);
  made.name = name;
  made.command = name + " -x";
  return made;
}

/// Process lines of a launched root, and the text that they make.
struct Fixture {
  explicit Fixture(Children children = Children::apart) { options.children = children; }

  std::string taken() {
    auto text = written.text();
    written.clear();
    return text;
  }
  void name(const proc::Member& process) {
    proc::Changes changes;
    changes.named = {&process};
    lines.add_names(changes, now);
  }
  void end(proc::Member process) {
    proc::Changes changes;
    changes.ended.push_back(std::move(process));
    lines.add_peaks_and_exits(changes, now);
  }
  void raise_peak(proc::Member process, Bytes peak) {
    process.kernel_peak = peak;
    proc::Changes changes;
    changes.peaked = {&process};
    lines.add_peaks_and_exits(changes, now);
  }

  Options options;
  Subject subject{{{root}, 1}, {"sh"}, Bytes(1 << 20)};
  std::optional<Marks> marks;
  store::Lines written;
  ProcessLines lines{subject, options, marks, written};
};

RootEnd end_with(Bytes largest, bool waited_for_children = false) {
  RootEnd end;
  end.t = now;
  end.ended.largest = largest;
  end.ended.status = 3;
  end.waited_for_children = waited_for_children;
  return end;
}

}  // namespace

TEST_CASE(
    "a process has a PROC line for each name, and an EXIT line with the status that is known") {
  Fixture fixture;
  fixture.name(member(child));
  fixture.name(member(child, "cat"));
  CHECK(fixture.taken() ==
        "PROC 8 5 1 1000.000000 sh sh%20-x\nPROC 8 5 1 1000.000000 cat cat%20-x\n");
  fixture.lines.keep_status({child, 143, {}});
  fixture.end(member(child));
  fixture.end(member(child));
  CHECK(fixture.taken() == "EXIT 8 1000.000000 143\nEXIT 8 1000.000000 -\n");
}

TEST_CASE("children that are left out have no lines, the root has them") {
  Fixture fixture(Children::left_out);
  fixture.name(member(child));
  fixture.raise_peak(member(child), Bytes(1 << 20));
  fixture.end(member(child));
  CHECK(fixture.taken().empty());
  fixture.name(member(root));
  CHECK(fixture.taken() == "PROC 7 5 1 1000.000000 sh sh%20-x\n");
  CHECK(fixture.lines.is_recorded(root));
  CHECK_FALSE(fixture.lines.is_recorded(child));
}

TEST_CASE("a left-out child is introduced when it makes its first mark") {
  Fixture fixture(Children::left_out);
  const auto process = member(child);
  fixture.lines.add_marking({&process}, {}, now);
  CHECK(fixture.taken() == "PROC 8 5 1 1000.000000 sh sh%20-x\n");
  proc::Changes changes;
  changes.named = {&process};
  fixture.lines.add_marking({&process}, changes, now);
  CHECK(fixture.taken().empty());
}

TEST_CASE(
    "the exit of a launched root is written by the session alone, and later its pid is another's") {
  Fixture fixture;
  fixture.end(member(root));
  CHECK(fixture.taken().empty());
  fixture.lines.add_root_exit(end_with(Bytes{}));
  CHECK(fixture.taken() == "EXIT 7 1000.000000 3\n");
  fixture.end(member(root));
  CHECK(fixture.taken() == "EXIT 7 1000.000000 -\n");
}

TEST_CASE("titles are written only if they were requested") {
  Fixture fixture;
  const auto process = member(child);
  proc::Changes changes;
  changes.retitled = {&process};
  fixture.lines.add_names(changes, now);
  CHECK(fixture.taken().empty());
  fixture.options.titles = Titles::recorded;
  fixture.lines.add_names(changes, now);
  CHECK(fixture.taken() == "TITLE 8 1000.000000 sh%20-x\n");
}

TEST_CASE("a peak that is held back is written before the name of its process changes") {
  Fixture fixture;
  fixture.raise_peak(member(child), Bytes(1 << 20));
  fixture.raise_peak(member(child), Bytes(2 << 20));
  CHECK(fixture.taken() == "PEAK 8 1.000000 hwm\n");
  fixture.name(member(child, "cat"));
  CHECK(fixture.taken() == "PEAK 8 2.000000 hwm\nPROC 8 5 1 1000.000000 cat cat%20-x\n");
}

TEST_CASE("the kernel's peak is not written next to another metric") {
  Fixture fixture;
  fixture.options.metric = model::Metric::pss;
  fixture.raise_peak(member(child), Bytes(1 << 20));
  fixture.end(member(child));
  CHECK(fixture.taken() == "EXIT 8 1000.000000 -\n");
}

TEST_CASE("the root's resource usage is its own peak if it never waited for a child") {
  Fixture fixture;
  CHECK(fixture.lines.add_root_peak(end_with(Bytes(5 << 20)), Bytes(1 << 20)) == Bytes(4 << 20));
  CHECK(fixture.taken() == "PEAK 7 4.000000 rusage\n");
}

TEST_CASE(
    "the root's resource usage is the peak of the largest process if it waited for children") {
  Fixture fixture;
  fixture.raise_peak(member(root), Bytes(2 << 20));
  fixture.taken();
  CHECK(fixture.lines.add_root_peak(end_with(Bytes(5 << 20), true), Bytes{}) == Bytes(2 << 20));
  CHECK(fixture.taken() == "PEAK 7 5.000000 tree-max\n");
  CHECK(fixture.lines.largest_process() == Bytes(5 << 20));
  fixture.lines.add_largest_process(Bytes(4 << 20));
  CHECK(fixture.taken().empty());
}

TEST_CASE("a resource usage that the root inherited says nothing") {
  Fixture fixture;
  CHECK(fixture.lines.add_root_peak(end_with(Bytes(1 << 20)), Bytes{}) == Bytes{});
  CHECK(fixture.taken().empty());
}

TEST_CASE("the peaks of processes that outlive the recording are written at its end") {
  Fixture fixture;
  fixture.raise_peak(member(child), Bytes(1 << 20));
  fixture.raise_peak(member(child), Bytes(3 << 20));
  fixture.taken();
  std::vector<proc::Member> members;
  members.push_back(member(child));
  fixture.lines.add_last_peaks(members);
  CHECK(fixture.taken() == "PEAK 8 3.000000 hwm\n");
}
