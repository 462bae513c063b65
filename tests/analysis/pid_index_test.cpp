#include "mprofpp/analysis/pid_index.hpp"

#include <doctest/doctest.h>

using mprofpp::analysis::PidIndex;

TEST_CASE("processes are found in any order, whatever followed before") {
  PidIndex index;
  for (pid_t pid = 100; pid < 110; ++pid) index.set(pid, static_cast<std::size_t>(pid) - 100);
  for (int step = 1; step <= 3; ++step) {
    for (pid_t pid = 109; pid >= 100; pid -= step) {
      CHECK(index.find_next(pid) == static_cast<std::size_t>(pid) - 100);
      CHECK(index.find(pid) == static_cast<std::size_t>(pid) - 100);
    }
  }
  CHECK(index.find(99) == PidIndex::none);
  CHECK(index.find_next(99) == PidIndex::none);
}

TEST_CASE("a pid that is used again belongs to the new process") {
  PidIndex index;
  index.set(100, 0);
  index.set(200, 1);
  index.find_next(100);
  index.find_next(200);
  index.set(100, 2);
  CHECK(index.find(100) == 2);
  index.erase(100);
  index.erase(100);
  CHECK_FALSE(index.contains(100));
  index.set(300, 3);
  CHECK_FALSE(index.contains(100));
  index.set(100, 4);
  CHECK(index.find_next(100) == 4);
  CHECK(index.find_next(200) == 1);
  CHECK(index.find_next(300) == 3);
}

TEST_CASE("any number may be a pid in a damaged file") {
  PidIndex index;
  CHECK_FALSE(index.contains(-1));
  index.set(-1, 5);
  CHECK(index.find(-1) == 5);
  index.erase(-1);
  CHECK_FALSE(index.contains(-1));
}
