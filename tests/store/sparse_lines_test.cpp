#include "mprofpp/store/sparse_lines.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "mprofpp/store/lines.hpp"

using namespace mprofpp;
using store::SparseLines;

namespace {

Instant at(int tenths) {
  return Instant(std::chrono::seconds(1000)) + tenths * std::chrono::milliseconds(100);
}

/// A sparse recording of a root and its children, with a tick every tenth of a second.
class Fixture {
 public:
  explicit Fixture(Bytes min_change = {}) {
    lines.take(model::Settings{.sparse = min_change});
    text_.clear();
  }

  /// The values of the MEM line and of the processes 1, 2, …
  void tick(double total, const std::vector<double>& children = {}) {
    lines.take(model::Sample{total, at(tick_)});
    pid_t pid = 0;
    for (const double mib : children) lines.take(model::ChildSample{++pid, mib, at(tick_)});
    lines.end_tick();
    ++tick_;
  }

  std::string written() {
    auto text = text_.text();
    text_.clear();
    return text;
  }

 private:
  store::Lines text_;
  int tick_ = 0;

 public:
  SparseLines lines{text_};
};

}  // namespace

TEST_CASE("a dense recording has all samples") {
  store::Lines text;
  SparseLines lines(text);
  for (int tick = 0; tick < 3; ++tick) lines.take(model::Sample{5, at(tick)});
  CHECK(text.text() ==
        "MEM 5.000000 1000.000000\nMEM 5.000000 1000.100000\nMEM 5.000000 1000.200000\n");
}

TEST_CASE("the first tick of a sparse recording has all lines") {
  Fixture recording;
  recording.tick(9, {3, 4});
  CHECK(recording.written() ==
        "MEM 9.000000 1000.000000 ticks=0\n"
        "CHLD 1 3.000000 1000.000000\n"
        "CHLD 2 4.000000 1000.000000\n");
}

TEST_CASE(
    "samples that repeat the ones before are left out, and the last of them is written before a change") {
  Fixture recording;
  for (int tick = 0; tick < 5; ++tick) recording.tick(9, {3, 4});
  recording.written();
  recording.tick(10, {3, 5});
  CHECK(recording.written() ==
        "MEM 9.000000 1000.400000 ticks=4\n"
        "CHLD 2 4.000000 1000.400000\n"
        "MEM 10.000000 1000.500000 ticks=1\n"
        "CHLD 2 5.000000 1000.500000\n");
}

TEST_CASE("a process that changes at the tick after its line needs no line in between") {
  Fixture recording;
  recording.tick(9, {4});
  recording.tick(10, {5});
  recording.tick(11, {6});
  CHECK(recording.written() ==
        "MEM 9.000000 1000.000000 ticks=0\n"
        "CHLD 1 4.000000 1000.000000\n"
        "MEM 10.000000 1000.100000 ticks=1\n"
        "CHLD 1 5.000000 1000.100000\n"
        "MEM 11.000000 1000.200000 ticks=1\n"
        "CHLD 1 6.000000 1000.200000\n");
}

TEST_CASE("a MEM line every ten seconds shows that nothing has changed") {
  Fixture recording;
  recording.tick(9, {3});
  recording.written();
  for (int tick = 0; tick < 250; ++tick) recording.tick(9, {3});
  CHECK(recording.written() ==
        "MEM 9.000000 1010.000000 ticks=100\n"
        "MEM 9.000000 1020.000000 ticks=100\n");
}

TEST_CASE("everything that was left out of a process is written before its exit or another title") {
  for (const bool exits : {true, false}) {
    Fixture recording;
    for (int tick = 0; tick < 4; ++tick) recording.tick(9, {3, 4});
    recording.written();
    if (exits)
      recording.lines.take(model::Exit{2, at(3), 0});
    else
      recording.lines.take(model::Process{{2, 77}, 1, at(3), "name", "command"});
    CHECK(
        recording.written().starts_with("MEM 9.000000 1000.300000 ticks=3\n"
                                        "CHLD 2 4.000000 1000.300000\n"));
  }
}

TEST_CASE("a process has a line at the first tick after it got another title") {
  Fixture recording;
  recording.tick(9, {3});
  recording.lines.take(model::Process{{1, 77}, 1, at(1), "name", "command"});
  recording.written();
  recording.tick(9, {3});
  CHECK(recording.written() ==
        "MEM 9.000000 1000.100000 ticks=1\n"
        "CHLD 1 3.000000 1000.100000\n");
}

TEST_CASE("a gap is between two ticks that have all lines") {
  Fixture recording;
  for (int tick = 0; tick < 3; ++tick) recording.tick(9, {3, 4});
  recording.written();
  recording.lines.start_over();
  recording.tick(9, {3, 4});
  CHECK(recording.written() ==
        "MEM 9.000000 1000.200000 ticks=2\n"
        "CHLD 1 3.000000 1000.200000\n"
        "CHLD 2 4.000000 1000.200000\n"
        "MEM 9.000000 1000.300000 ticks=0\n"
        "CHLD 1 3.000000 1000.300000\n"
        "CHLD 2 4.000000 1000.300000\n");
}

TEST_CASE("a suspension is a gap") {
  Fixture recording;
  for (int tick = 0; tick < 3; ++tick) recording.tick(9);
  recording.written();
  recording.lines.take(model::Suspended{at(50), std::chrono::seconds(4)});
  recording.tick(9);
  CHECK(recording.written() ==
        "MEM 9.000000 1000.200000 ticks=2\n"
        "LOST 1005.000000 suspended 4.000000\n"
        "MEM 9.000000 1000.300000 ticks=0\n");
}

TEST_CASE("if a process cannot be read, the tick has all lines of the others") {
  Fixture recording;
  for (int tick = 0; tick < 3; ++tick) recording.tick(9, {3, 4});
  recording.written();
  recording.tick(5, {3});
  CHECK(recording.written() ==
        "MEM 9.000000 1000.200000 ticks=2\n"
        "CHLD 1 3.000000 1000.200000\n"
        "CHLD 2 4.000000 1000.200000\n"
        "MEM 5.000000 1000.300000 ticks=0\n"
        "CHLD 1 3.000000 1000.300000\n");
}

TEST_CASE("the end of a recording has the last samples of all processes") {
  Fixture recording;
  for (int tick = 0; tick < 3; ++tick) recording.tick(9, {3});
  recording.written();
  recording.lines.take(model::End{at(2), model::EndReason::ended, 3, 9, at(0)});
  CHECK(
      recording.written().starts_with("MEM 9.000000 1000.200000 ticks=2\n"
                                      "CHLD 1 3.000000 1000.200000\n"
                                      "END "));
}

TEST_CASE("a changed value of another metric is a change") {
  Fixture recording;
  const auto tick = [&](int number, double pss) {
    recording.lines.take(model::Sample{9, at(number), {{model::Metric::pss, pss}}});
    recording.lines.end_tick();
  };
  tick(0, 5);
  tick(1, 5);
  CHECK(recording.written() == "MEM 9.000000 1000.000000 ticks=0 pss=5.000000\n");
  tick(2, 6);
  CHECK(recording.written() ==
        "MEM 9.000000 1000.100000 ticks=1 pss=5.000000\n"
        "MEM 9.000000 1000.200000 ticks=1 pss=6.000000\n");
}

TEST_CASE("with a smallest change, smaller ones are left out unless they are a new high") {
  Fixture recording(Bytes::from_mebibytes(1));
  recording.tick(9);
  recording.tick(8.5);
  recording.tick(8.8);
  CHECK(recording.written() == "MEM 9.000000 1000.000000 ticks=0\n");
  recording.tick(9.1);
  CHECK(recording.written() ==
        "MEM 8.800000 1000.200000 ticks=2\n"
        "MEM 9.100000 1000.300000 ticks=1\n");
  recording.tick(8.0);
  CHECK(recording.written() == "MEM 8.000000 1000.400000 ticks=1\n");
}

TEST_CASE(
    "the lines of a tick that is written have all values that are not those of the last lines") {
  Fixture recording(Bytes::from_mebibytes(1));
  recording.tick(20, {8, 8});
  recording.tick(19, {7.5, 7.5});
  recording.written();
  recording.tick(17, {7.25, 4});
  CHECK(recording.written() ==
        "MEM 19.000000 1000.100000 ticks=1\n"
        "CHLD 1 7.500000 1000.100000\n"
        "CHLD 2 7.500000 1000.100000\n"
        "MEM 17.000000 1000.200000 ticks=1\n"
        "CHLD 1 7.250000 1000.200000\n"
        "CHLD 2 4.000000 1000.200000\n");
}

TEST_CASE("a metric has no new high below one that was written because another value changed") {
  Fixture recording(Bytes::from_mebibytes(1));
  const auto tick = [&](int number, double mib, double pss) {
    recording.lines.take(model::Sample{mib, at(number), {{model::Metric::pss, pss}}});
    recording.lines.end_tick();
  };
  tick(0, 9, 5);
  tick(1, 20, 8);
  recording.written();
  tick(2, 20, 7.5);
  tick(3, 20, 7.75);
  CHECK(recording.written().empty());
  tick(4, 20, 8.25);
  CHECK_FALSE(recording.written().empty());
}
