#include "mprofpp/record/session/ticker.hpp"

#include <doctest/doctest.h>

using mprofpp::record::Ticker;
using namespace std::chrono_literals;

namespace {

const Ticker::Time start{1000s};

}  // namespace

TEST_CASE("ticks are due at start plus n intervals, however long the work between them takes") {
  Ticker ticker(start, 100ms);
  CHECK(ticker.due() == start);
  CHECK(ticker.advance(start + 7ms) == 0);
  CHECK(ticker.due() == start + 100ms);
  CHECK(ticker.advance(start + 199ms) == 0);
  CHECK(ticker.due() == start + 200ms);
}

TEST_CASE("a thousand slightly late ticks do not drift") {
  Ticker ticker(start, 10ms);
  for (int i = 0; i < 1000; ++i) CHECK(ticker.advance(ticker.due() + 3ms) == 0);
  CHECK(ticker.due() == start + 10s);
}

TEST_CASE("missed ticks are skipped and counted") {
  Ticker ticker(start, 10ms);
  CHECK(ticker.advance(start + 35ms) == 3);
  CHECK(ticker.due() == start + 40ms);
}

TEST_CASE("work that ends just when the next tick is due misses nothing") {
  Ticker ticker(start, 10ms);
  CHECK(ticker.advance(start + 10ms) == 0);
  CHECK(ticker.due() == start + 10ms);
}

TEST_CASE("ticks during a stop of the recorder are skipped and not counted") {
  Ticker ticker(start, 10ms);
  ticker.skip_to(start + 75ms);
  CHECK(ticker.due() == start + 70ms);
  CHECK(ticker.advance(start + 76ms) == 0);
  CHECK(ticker.due() == start + 80ms);
  ticker.skip_to(start + 77ms);
  CHECK(ticker.due() == start + 80ms);
}

TEST_CASE("a new interval counts from the tick that was due last") {
  Ticker ticker(start, 10ms);
  ticker.advance(start + 1ms);
  ticker.set_interval(100ms);
  CHECK(ticker.advance(start + 12ms) == 0);
  CHECK(ticker.due() == start + 110ms);
}

TEST_CASE("skipping the ticks of a long suspend takes one step, not a loop") {
  Ticker ticker(start, 100us);
  CHECK(ticker.advance(start + 240h) == 240ULL * 3600 * 10000);
  CHECK(ticker.due() > start + 240h);
}
