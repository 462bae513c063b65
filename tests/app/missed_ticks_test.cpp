#include "summary/missed_ticks.hpp"

#include <doctest/doctest.h>

using namespace mprofpp;
using app::missed_text;
using app::pace_text;
using namespace std::chrono_literals;

TEST_CASE("the count of missed ticks is a number, or the text none") {
  CHECK(missed_text(0) == "none missed");
  CHECK(missed_text(1) == "1 missed");
}

TEST_CASE("if ticks were missed, the reported pace is slower than the requested one") {
  // half a second with one missed tick has five ticks, and a sixth sample at its end
  CHECK(pace_text(100ms, 5, 1) == " (asked for one every 100 ms, got one every 120 ms)");
  CHECK(pace_text(100ms, 100, 1) == " (asked for one every 100 ms, got one every 101 ms)");
  CHECK(pace_text(1ms, 10, 300) == " (asked for one every 1.0 ms, got one every 31 ms)");
}

TEST_CASE("a pace that looks the same as the requested one is not reported") {
  CHECK(pace_text(100ms, 10, 0) == "");
  CHECK(pace_text(100ms, 1000, 1) == "");
  CHECK(pace_text(100ms, 0, 7) == "");
  CHECK(pace_text(24h, 1, 10'000) == " (asked for one every 1 d, got one every 10001 d)");
  CHECK(pace_text(24h, 1, ~std::uint64_t{0}) == "");
}
