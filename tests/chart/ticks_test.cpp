#include "mprofpp/chart/ticks.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "support/locale.hpp"

using namespace mprofpp;
using namespace mprofpp::chart;
using namespace std::chrono_literals;

namespace {

std::vector<std::string> texts(const std::vector<Tick>& ticks) {
  std::vector<std::string> all;
  for (const auto& tick : ticks) all.push_back(tick.text);
  return all;
}

using Texts = std::vector<std::string>;

constexpr Instant noon{1763640000s};  // 2025-11-20 12:00:00 UTC

TimeAxis day_clock(std::chrono::seconds ahead = 0s) {
  return {TimeAxis::Kind::clock, noon, [ahead](Instant) { return ahead; }};
}

}  // namespace

TEST_CASE("memory ticks are round and have the same unit") {
  CHECK(texts(memory_ticks({0, 400}, 5)) == Texts{"0", "100 MiB", "200 MiB", "300 MiB", "400 MiB"});
  CHECK(texts(memory_ticks({0, 2048}, 4)) ==
        Texts{"0", "0.5 GiB", "1.0 GiB", "1.5 GiB", "2.0 GiB"});
  CHECK(texts(memory_ticks({0, 0.5}, 3)) == Texts{"0", "200 KiB", "400 KiB"});
}

TEST_CASE("20 GiB over days are shown in GiB, not in twenty thousand MiB") {
  CHECK(texts(memory_ticks({19.5 * 1024, 19.8 * 1024}, 3)) ==
        Texts{"19.5 GiB", "19.6 GiB", "19.7 GiB", "19.8 GiB"});
}

TEST_CASE("a narrow range far from zero falls back to the smaller unit") {
  const auto ticks = memory_ticks({20480, 20483}, 3);
  CHECK(texts(ticks) == Texts{"20,480 MiB", "20,481 MiB", "20,482 MiB", "20,483 MiB"});
}

TEST_CASE("a comma separates the thousands of a tick from five digits on") {
  CHECK(texts(memory_ticks({9000, 9000.8}, 2))[0] == "9000.0 MiB");
  CHECK(texts(memory_ticks({1234500, 1234500.8}, 2))[0] == "1,234,500.0 MiB");
  CHECK(texts(memory_ticks({-20480.8, -20480}, 2))[0] == "−20,480.5 MiB");
}

TEST_CASE("there is a unit for the smallest amounts and for the largest") {
  CHECK(texts(memory_ticks({0, 10 * 0x1p-20}, 2)) == Texts{"0", "5 B", "10 B"});
  CHECK(texts(memory_ticks({0, 0x1p42}, 2)) == Texts{"0", "2 EiB", "4 EiB"});
}

TEST_CASE("there are at least two memory ticks, however few are wanted") {
  for (double high = 1; high < 1e6; high *= 1.3) {
    CAPTURE(high);
    CHECK(memory_ticks({0, high}, 1).size() >= 2);
  }
}

TEST_CASE("negative values have a real minus sign, and zero has no unit") {
  CHECK(texts(memory_ticks({-50, 50}, 2)) == Texts{"−50 MiB", "0", "50 MiB"});
}

TEST_CASE("no two ticks have the same text, whatever the range") {
  for (double length = 1e-4; length < 1e9; length *= 1.7) {
    for (const double low : {0.0, 0.3, 1000.0, -length / 3}) {
      for (const int wanted : {1, 2, 5, 12}) {
        const Range range{low, low + length};
        CAPTURE(length);
        CAPTURE(low);
        for (const auto& ticks : {memory_ticks(range, wanted), time_ticks(range, wanted, {})}) {
          const auto all = texts(ticks);
          CHECK(std::set(all.begin(), all.end()).size() == all.size());
          CHECK(all.size() <= static_cast<std::size_t>(std::max(wanted, 3)) + 1);
          for (const auto& tick : ticks) {
            CHECK(tick.value >= range.low - length * 1e-6);
            CHECK(tick.value <= range.high + length * 1e-6);
          }
        }
      }
    }
  }
}

TEST_CASE("time ticks are what a person would write") {
  CHECK(texts(time_ticks({0, 10}, 5, {})) == Texts{"0", "2s", "4s", "6s", "8s", "10s"});
  CHECK(texts(time_ticks({0, 120}, 4, {})) == Texts{"0", "30s", "1m", "1m 30s", "2m"});
  CHECK(texts(time_ticks({0, 172800}, 4, {})) == Texts{"0", "12h", "1d", "1d 12h", "2d"});
  CHECK(texts(time_ticks({0, 9000}, 5, {})) == Texts{"0", "30m", "1h", "1h 30m", "2h", "2h 30m"});
  CHECK(texts(time_ticks({0, 0.4}, 2, {})) == Texts{"0", "0.2s", "0.4s"});
}

TEST_CASE("clock ticks are at round times of the day") {
  CHECK(texts(time_ticks({0, 3600}, 4, day_clock())) ==
        Texts{"12:00", "12:15", "12:30", "12:45", "13:00"});
  CHECK(texts(time_ticks({7, 60}, 3, day_clock())) == Texts{"12:00:30", "12:01:00"});
}

TEST_CASE("local time shifts the ticks, also by half an hour") {
  CHECK(texts(time_ticks({0, 7200}, 2, day_clock(5h + 30min))) == Texts{"18:00", "19:00"});
}

TEST_CASE("a tick at the start of a day says which day") {
  CHECK(texts(time_ticks({0, 86400}, 4, day_clock())) ==
        Texts{"12:00", "18:00", "21 Nov", "06:00", "12:00"});
  CHECK(texts(time_ticks({0, 3 * 86400}, 3, day_clock())) == Texts{"21 Nov", "22 Nov", "23 Nov"});
}

TEST_CASE("a clock shows the second that has begun, in ticks and in labels") {
  CHECK(clock_time(7.96, 1, day_clock()) == "12:00:07");
  CHECK(clock_time(7.96, 0.1, day_clock()) == "12:00:07.9");
  CHECK(clock_time(0.3, 0.1, day_clock()) == "12:00:00.3");
  CHECK(clock_time(43199.99, 60, day_clock()) == "23:59");
  CHECK(clock_day(43199.99, day_clock()) == "20 Nov");
}

TEST_CASE("the date of a clock axis is that of its first and its last day") {
  CHECK(clock_dates({0, 3600}, day_clock()) == "20 Nov 2025");
  CHECK(clock_dates({0, 90000}, day_clock()) == "20 Nov 2025 – 21 Nov 2025");
}

TEST_CASE("durations round up to the next unit instead of 60 of the smaller one") {
  CHECK(short_duration(59.99, 1) == "1m");
  CHECK(short_duration(3599.7, 1) == "1h");
  CHECK(short_duration(0.9999, 0.1) == "1.0s");
  CHECK(short_duration(90061, 1) == "1d 1h 1m 1s");
  CHECK(short_duration(90061, 600) == "1d 1h 1m");
  CHECK(short_duration(-90, 1) == "−1m 30s");
}

TEST_CASE("a comma locale changes no tick") {
  const test::CommaLocale comma;
  CHECK(texts(memory_ticks({0, 2048}, 4))[1] == "0.5 GiB");
  CHECK(texts(time_ticks({0, 2}, 4, {}))[1] == "0.5s");
}

TEST_CASE("a memory range without length has no ticks, and a moment has one") {
  CHECK(memory_ticks({5, 5}, 4).empty());
  CHECK(time_ticks({5, 5}, 4, {}) == std::vector<Tick>{{5, "5s"}});
  CHECK(time_ticks({5, 4}, 4, {}).empty());
}
