#include "mprofpp/record/pace.hpp"

#include <doctest/doctest.h>

using mprofpp::Bytes;
using mprofpp::record::Pace;
using namespace std::chrono_literals;

TEST_CASE("passing a multiple of the limit makes the interval ten times longer") {
  Pace pace(100ms, Bytes(1000));
  CHECK_FALSE(pace.slow_down(Bytes(999)));
  CHECK(pace.interval() == 100ms);
  CHECK(pace.slow_down(Bytes(1000)));
  CHECK(pace.interval() == 1s);
  CHECK_FALSE(pace.slow_down(Bytes(1999)));
  CHECK(pace.slow_down(Bytes(2010)));
  CHECK(pace.interval() == 10s);
}

TEST_CASE("passing several multiples at once makes the interval only ten times longer") {
  Pace pace(100ms, Bytes(1000));
  CHECK(pace.slow_down(Bytes(5500)));
  CHECK(pace.interval() == 1s);
  CHECK_FALSE(pace.slow_down(Bytes(5999)));
  CHECK(pace.slow_down(Bytes(6000)));
}

TEST_CASE("the interval never becomes longer than a day") {
  Pace pace(20h, Bytes(1000));
  CHECK(pace.slow_down(Bytes(1000)));
  CHECK(pace.interval() == 24h);
  CHECK_FALSE(pace.slow_down(Bytes(9000)));
}

TEST_CASE("without a limit the interval never changes") {
  Pace pace(100ms);
  CHECK_FALSE(pace.slow_down(Bytes(std::int64_t{1} << 60)));
  CHECK(pace.interval() == 100ms);
}
