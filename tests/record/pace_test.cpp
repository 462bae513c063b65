#include "mprofpp/record/pace.hpp"

#include <doctest/doctest.h>

using mprofpp::Bytes;
using mprofpp::record::Pace;
using namespace std::chrono_literals;

TEST_CASE("each multiple of the limit that is passed makes the interval ten times longer") {
  Pace pace(100ms, Bytes(1000));
  CHECK_FALSE(pace.slow_down(Bytes(999)));
  CHECK(pace.interval() == 100ms);
  CHECK(pace.slow_down(Bytes(1000)));
  CHECK(pace.interval() == 1s);
  CHECK_FALSE(pace.slow_down(Bytes(1999)));
  CHECK(pace.slow_down(Bytes(2010)));
  CHECK(pace.interval() == 10s);
}

TEST_CASE("several multiples passed at once are one step") {
  Pace pace(100ms, Bytes(1000));
  CHECK(pace.slow_down(Bytes(5500)));
  CHECK(pace.interval() == 1s);
  CHECK_FALSE(pace.slow_down(Bytes(5999)));
  CHECK(pace.slow_down(Bytes(6000)));
}

TEST_CASE("a day is the longest interval") {
  Pace pace(20h, Bytes(1000));
  CHECK(pace.slow_down(Bytes(1000)));
  CHECK(pace.interval() == 24h);
  CHECK_FALSE(pace.slow_down(Bytes(9000)));
}

TEST_CASE("without a limit the pace stays") {
  Pace pace(100ms);
  CHECK_FALSE(pace.slow_down(Bytes(std::int64_t{1} << 60)));
  CHECK(pace.interval() == 100ms);
}
