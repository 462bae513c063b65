#include "mprofpp/store/held_values.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "mprofpp/store/reader.hpp"
#include "support/collector.hpp"
#include "support/temporary_folder.hpp"

using namespace mprofpp;
using model::Held;

namespace {

Instant at(double seconds) {
  return instant_from_seconds(1000 + seconds).value();
}

std::vector<Held> held_in(const std::string& text) {
  const test::TemporaryFolder folder;
  test::Collector records;
  REQUIRE(store::read(folder.write("x.dat", text), records).has_value());
  return records.of<Held>();
}

}  // namespace

TEST_CASE("a dense recording has a line for every reading") {
  CHECK(held_in("MEM 5 1000\nCHLD 1 2 1000\nMEM 5 1001\nCHLD 1 2 1001\n").empty());
}

TEST_CASE("ticks that were left out had the values of the last lines") {
  const auto held = held_in(
      "MEM 5 1000 ticks=0\nCHLD 1 2 1000\n"
      "MEM 5 1004 ticks=4\nCHLD 1 2 1004\n"
      "MEM 6 1005 ticks=1\nCHLD 1 3 1005\nEND 1005 ended 6 6 1005\n");
  REQUIRE(held.size() == 2);
  CHECK(held[0] == Held{0, 5, at(1), at(3), 3, {}});
  CHECK(held[1] == Held{1, 2, at(1), at(3), 3, {}});
}

TEST_CASE("lines that only show that nothing has changed become part of one stretch") {
  const auto held = held_in(
      "MEM 5 1000 ticks=0\nCHLD 1 2 1000\nMEM 5 1010 ticks=10\nMEM 5 1020 ticks=10\nMEM 5 1030 ticks=10\n"
      "MEM 6 1031 ticks=1\nEND 1031 ended 32 6 1031\n");
  REQUIRE(held.size() == 2);
  CHECK(held[0] == Held{0, 5, at(1), at(30), 30, {}});
  CHECK(held[1] == Held{1, 2, at(1), at(31), 31, {}});
}

TEST_CASE("a MEM line that repeats the last one is a tick of its own if a process changes at it") {
  const test::TemporaryFolder folder;
  test::Collector records;
  REQUIRE(store::read(folder.write("x.dat",
                                   "MEM 5 1000 ticks=0\nCHLD 1 2 1000\nMEM 5 1003 ticks=3\n"
                                   "CHLD 1 4 1003\nEND 1003 ended 4 5 1000\n"),
                      records)
              .has_value());
  CHECK(records.of<model::Sample>().size() == 2);
  CHECK(records.of<Held>().front() == Held{0, 5, at(1), at(2), 2, {}});
}

TEST_CASE("a process that does not change has no lines while others do") {
  const auto held = held_in(
      "MEM 5 1000 ticks=0\nCHLD 1 2 1000\n"
      "MEM 6 1001 ticks=1\nMEM 7 1002 ticks=1\nMEM 8 1003 ticks=1\nCHLD 1 2 1003\n"
      "EXIT 1 1003.5 0\nMEM 8 1004 ticks=1\nEND 1004 ended 5 8 1003\n");
  REQUIRE(held.size() == 1);
  CHECK(held[0] == Held{1, 2, at(1), at(2), 2, {}});
}

TEST_CASE("nothing holds beyond the exit of a process or a tick with all lines") {
  CHECK(held_in("MEM 5 1000 ticks=0\nCHLD 1 2 1000\nEXIT 1 1000.5 0\n"
                "MEM 3 1001 ticks=1\nMEM 3 1002 ticks=1\nEND 1002 ended 3 5 1000\n")
            .empty());
  CHECK(held_in("MEM 5 1000 ticks=0\nCHLD 1 2 1000\nMEM 3 1001 ticks=0\nMEM 3 1002 ticks=1\n"
                "END 1002 ended 3 5 1000\n")
            .empty());
}

TEST_CASE("other metrics are held too") {
  const auto held = held_in("MEM 5 1000 ticks=0 pss=4\nMEM 5 1003 ticks=3 pss=4\n");
  REQUIRE(held.size() == 1);
  CHECK(held[0].extra_readings == std::vector<model::Reading>{{model::Metric::pss, 4}});
}

TEST_CASE(
    "if the recorder was killed, a process holds up to the last tick that is surely complete") {
  const auto held =
      held_in("MEM 5 1000 ticks=0\nCHLD 1 2 1000\nMEM 5 1010 ticks=10\nMEM 6 1012 ticks=2\nCHL");
  REQUIRE(held.size() == 2);
  CHECK(held[1] == Held{1, 2, at(1), at(11), 11, {}});
}

TEST_CASE("readings are spread evenly only as long as the interval stays the same") {
  const auto held = held_in(
      "META interval 1\nMEM 5 1000 ticks=0\nCHLD 1 2 1000\nMEM 6 1002 ticks=2\nMETA interval 10\n"
      "MEM 6 1022 ticks=2\nCHLD 1 3 1022\nEND 1022 ended 5 6 1002\n");
  std::vector<Held> of_child;
  for (const auto& one : held) {
    if (one.pid == 1) of_child.push_back(one);
  }
  REQUIRE(of_child.size() == 2);
  CHECK(of_child[0] == Held{1, 2, at(1), at(2), 2, {}});
  CHECK(of_child[1] == Held{1, 2, at(12), at(12), 1, {}});
}
