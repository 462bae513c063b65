#include "core/stopwatch.hpp"

#include <doctest/doctest.h>

#include <cstdint>

#include "core/processor.hpp"

using namespace mprofpp::agent;

namespace {

/// A machine whose counter makes three counts per nanosecond. Reading its clock takes ten nanoseconds,
/// and the result is the time after three of them.
struct MadeUp {
  static inline std::uint64_t nanoseconds = 0;
  static inline std::uint64_t counted = 0;  ///< the counter's value at time zero
  static inline std::uint64_t interruption = 0;
  static inline int readings = 0;  ///< of the clock

  static void reset() { nanoseconds = counted = 1'000'000, interruption = 0, readings = 0; }
  static void pass(std::uint64_t time) { nanoseconds += time; }
  static std::uint64_t count() { return counted + 3 * nanoseconds; }
  static std::uint64_t clock() {
    ++readings;
    pass(3);
    const auto time = nanoseconds;
    pass(7 + interruption);
    return time;
  }
};

/// A stopwatch that knows the rate of the counter.
struct Running {
  Running() {
    MadeUp::reset();
    rate.begin(read_clock<MadeUp>());
    MadeUp::pass(100'000'000);
    now();
    MadeUp::readings = 0;
  }
  std::uint64_t now() { return stopwatch.now(rate); }

  CounterRate rate;
  Stopwatch<MadeUp> stopwatch;
};

}  // namespace

TEST_CASE("after a reading of the clock the counter measures the time for one stretch") {
  Running running;
  for (int i = 0; i < 99; ++i) {
    MadeUp::pass(100);
    const auto now = running.now();
    CHECK(now <= MadeUp::nanoseconds);
    CHECK(now + 8 >= MadeUp::nanoseconds);
  }
  CHECK(MadeUp::readings == 0);
  MadeUp::pass(100);
  running.now();
  CHECK(MadeUp::readings == 1);
}

TEST_CASE("no time is before the previous one") {
  Running running;
  std::uint64_t last = 0;
  for (std::uint64_t i = 0; i < 100'000; ++i) {
    MadeUp::pass(i % 7);
    const auto now = running.now();
    REQUIRE(now >= last);
    last = now;
  }
}

TEST_CASE("only the clock is read if the counter cannot be trusted") {
  MadeUp::reset();
  CounterRate rate;
  Stopwatch<MadeUp> stopwatch;
  for (int i = 0; i < 100; ++i) stopwatch.now(rate);
  CHECK(MadeUp::readings == 100);
}

TEST_CASE("only the clock is read until the rate of the counter is known") {
  MadeUp::reset();
  CounterRate rate;
  rate.begin(read_clock<MadeUp>());
  Stopwatch<MadeUp> stopwatch;
  stopwatch.now(rate);
  stopwatch.now(rate);
  CHECK(MadeUp::readings == 3);
  CHECK(rate.get() == 0);
  MadeUp::pass(1'000'000);
  stopwatch.now(rate);
  CHECK(rate.get() > 0);
}

TEST_CASE("an interrupted reading does not start a stretch") {
  Running running;
  MadeUp::pass(20'000);
  MadeUp::interruption = 1'000;
  running.now();
  MadeUp::interruption = 0;
  CHECK(running.now() + 10 >= MadeUp::nanoseconds);
  CHECK(MadeUp::readings == 2);
}

TEST_CASE("no rate is measured from interrupted readings") {
  MadeUp::reset();
  MadeUp::interruption = 1'000'000;
  CounterRate rate;
  rate.begin(read_clock<MadeUp>());
  MadeUp::interruption = 0;
  MadeUp::pass(100'000'000);
  CHECK(rate.update(read_clock<MadeUp>()) == 0);
  MadeUp::pass(100'000'000'000);
  CHECK(rate.update(read_clock<MadeUp>()) > 0);
}

TEST_CASE("a counter that jumps makes no time wrong by more than a stretch") {
  Running running;
  const auto check = [&] {
    for (int i = 0; i < 1000; ++i) {
      MadeUp::pass(100);
      const auto now = running.now();
      CHECK(now <= MadeUp::nanoseconds + 10'000);
      CHECK(now + 10'000 >= MadeUp::nanoseconds);
    }
  };
  SUBCASE("back") {
    MadeUp::counted -= 3'000'000;
  }
  SUBCASE("back by a little") {
    MadeUp::counted -= 3'000;
  }
  SUBCASE("far ahead") {
    MadeUp::counted += 3'000'000;
  }
  SUBCASE("ahead by a little") {
    MadeUp::counted += 3'000;
  }
  check();
}

TEST_CASE("the lowest rate that a counter may have is measured") {
  CounterRate rate;
  rate.begin({1'000, 3'000, 200});
  const auto measured = rate.update({1'001'000, 3'003'000, 50});
  CHECK(measured == (std::uint64_t{1'000'000} << 32) / 3'000'200);
}

TEST_CASE("no rate is measured from a counter that stands still") {
  CounterRate rate;
  rate.begin({1'000'000, 5, 0});
  CHECK(rate.update({2'000'000'000, 5, 0}) == 0);
}

TEST_CASE("a rate can be measured from a first reading of a year ago") {
  CounterRate rate;
  constexpr std::uint64_t year = 365ULL * 86'400 * 1'000'000'000;
  rate.begin({1, 1, 30});
  const auto measured = rate.update({1 + year, 1 + 3 * year, 30});
  CHECK(measured <= (std::uint64_t{1} << 32) / 3);
  CHECK(measured + 2 >= (std::uint64_t{1} << 32) / 3);
}

TEST_CASE("on this machine times lie between readings of the clock") {
  CounterRate rate;
  if (Processor::counts_for_clock()) rate.begin(read_clock<Processor>());
  Stopwatch<Processor> stopwatch;
  constexpr std::uint64_t longest_lag = Stopwatch<Processor>::longest_stretch / 64 + 10;
  std::uint64_t last = 0;
  for (int i = 0; i < 1'000'000; ++i) {
    const auto before = Processor::clock();
    const auto now = stopwatch.now(rate);
    const auto after = Processor::clock();
    REQUIRE(now + longest_lag >= before);
    REQUIRE(now <= after);
    REQUIRE(now >= last);
    last = now;
  }
}
