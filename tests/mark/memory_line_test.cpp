#include "mprofpp/mark/memory_line.hpp"

#include <doctest/doctest.h>

using mprofpp::Instant;
using mprofpp::mark::MemoryLine;
using namespace std::chrono_literals;

TEST_CASE("the line is interpolated between two samples and constant outside") {
  MemoryLine line;
  line.add(Instant(1000ms), 10, 0);
  line.add(Instant(1100ms), 20, 0);
  CHECK(line.at(Instant(1050ms), 7, 99) == doctest::Approx(15));
  CHECK(line.at(Instant(1100ms), 7, 99) == 20);
  CHECK(line.at(Instant(1200ms), 7, 99) == 20);
  CHECK(line.at(Instant(900ms), 7, 99) == 10);
}

TEST_CASE("if the line shows a single process, the process's own reading is used") {
  MemoryLine line;
  line.add(Instant(1000ms), 10, 7);
  line.add(Instant(1100ms), 20, 7);
  line.add(Instant(1200ms), 30, 0);
  CHECK(line.at(Instant(1050ms), 7, 99) == 99);
  CHECK(line.at(Instant(1050ms), 8, 99) == doctest::Approx(15));
  CHECK(line.at(Instant(1050ms), 7, std::nullopt) == doctest::Approx(15));
  CHECK(line.at(Instant(1150ms), 7, 99) == doctest::Approx(25));
}

TEST_CASE("before the first sample only the process's own reading is known") {
  CHECK(MemoryLine().at(Instant(1s), 7, 5) == 5);
  CHECK(MemoryLine().at(Instant(1s), 7, std::nullopt) == 0);
}

TEST_CASE("a second of the line is remembered, however close the samples are") {
  MemoryLine line;
  for (int i = 0; i <= 5000; ++i) line.add(Instant(i * 1ms), i, 0);
  CHECK(line.at(Instant(4000ms) + 500us, 7, std::nullopt) == doctest::Approx(4000.5));
  CHECK(line.at(Instant(100ms), 7, std::nullopt) == doctest::Approx(3999).epsilon(0.01));
}
