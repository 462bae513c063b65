#include "mprofpp/proc/pid_set.hpp"

#include <doctest/doctest.h>

#include <set>

using mprofpp::proc::PidSet;

TEST_CASE("each pid is in a set once, however ranges overlap or touch") {
  PidSet set;
  set.add(10, 20);
  set.add(15, 25);
  set.add(26);
  set.add(5, 9);
  CHECK(set.size() == 22);
  CHECK(set.contains(5));
  CHECK(set.contains(26));
  CHECK_FALSE(set.contains(4));
  CHECK_FALSE(set.contains(27));
}

TEST_CASE("a pid that is erased leaves its neighbours in the set") {
  PidSet set;
  set.add(1, 3);
  CHECK(set.erase(2));
  CHECK_FALSE(set.erase(2));
  CHECK(set.contains(1));
  CHECK(set.contains(3));
  CHECK(set.size() == 2);
}

TEST_CASE("a range that ends before it begins adds nothing") {
  PidSet set;
  set.add(7, 6);
  CHECK(set.size() == 0);
}

TEST_CASE("a set of pids equals a plain set, whatever is added and erased") {
  PidSet set;
  std::set<pid_t> plain;
  unsigned random = 1;
  const auto next = [&random](unsigned most) {
    random = random * 1103515245 + 12345;
    return static_cast<pid_t>(random >> 16) % static_cast<pid_t>(most);
  };
  for (int step = 0; step < 20'000; ++step) {
    const pid_t first = next(300);
    if (next(3) == 0) {
      const pid_t last = first + next(12);
      set.add(first, last);
      for (pid_t pid = first; pid <= last; ++pid) plain.insert(pid);
    } else {
      REQUIRE(set.erase(first) == (plain.erase(first) == 1));
    }
    REQUIRE(set.size() == plain.size());
    const pid_t any = next(300);
    REQUIRE(set.contains(any) == plain.contains(any));
  }
}
