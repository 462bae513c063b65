#include "mprofpp/base/units.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <utility>

using namespace mprofpp;
using namespace std::chrono_literals;

namespace {

Duration parsed(std::string_view text) {
  INFO("text: ", std::string(text));
  const auto length = parse_duration(text);
  REQUIRE(length.has_value());
  return *length;
}

}  // namespace

TEST_CASE("a bare number is seconds") {
  CHECK(parsed("0.1") == 100ms);
  CHECK(parsed("5") == 5s);
  CHECK(parsed(".25") == 250ms);
  CHECK(parsed("0") == 0s);
}

TEST_CASE("a number may have a unit, and several parts are summed") {
  CHECK(parsed("50ms") == 50ms);
  CHECK(parsed("250us") == 250us);
  CHECK(parsed("250µs") == 250us);
  CHECK(parsed("7ns") == 7ns);
  CHECK(parsed("1m30s") == 90s);
  CHECK(parsed("1min 30s") == 90s);
  CHECK(parsed("2h") == 2h);
  CHECK(parsed("1d12h") == 36h);
  CHECK(parsed("1.5h") == 90min);
}

TEST_CASE("a last part without a unit is seconds") {
  CHECK(parsed("1m30") == 90s);
}

TEST_CASE("a number may be written with an exponent") {
  CHECK(parsed("1e-3") == 1ms);
  CHECK(parsed("1e2") == 100s);
}

TEST_CASE("spaces around a time do not matter") {
  CHECK(parsed("  0.1 ") == 100ms);
}

TEST_CASE("a negative time is accepted, so that the caller can refuse it") {
  CHECK(parsed("-1") == -1s);
  CHECK(parsed("-50ms") == -50ms);
}

TEST_CASE("text that is not a time is refused with a hint how to write one") {
  for (const std::string text : {"", " ", "-", "fast", "1x", "ms", "1,5", "0x10", "--1", "nan",
                                 "inf", "1..2", "1e", "1 30", "5 apples", "1s-2"}) {
    CAPTURE(text);
    const auto length = parse_duration(text);
    REQUIRE_FALSE(length.has_value());
    CHECK(length.error().code == Errc::invalid_argument);
    CHECK(length.error().hint.find("50ms") != std::string::npos);
  }
}

TEST_CASE("a time beyond what 64 bits of nanoseconds hold is refused") {
  CHECK_FALSE(parse_duration("1e10").has_value());
  CHECK_FALSE(parse_duration("1e300").has_value());
  CHECK_FALSE(parse_duration("1e400").has_value());
  CHECK_FALSE(parse_duration("200000d").has_value());
  CHECK(parse_duration("100000d").has_value());
}

TEST_CASE("a size is a number of bytes or has a unit") {
  CHECK(parse_size("65536") == Bytes(65536));
  CHECK(parse_size("10B") == Bytes(10));
  CHECK(parse_size("200MiB") == Bytes(200 << 20));
  CHECK(parse_size(" 1.5 GiB ") == Bytes(3LL << 29));
  CHECK(parse_size("500M") == Bytes(500 << 20));
  CHECK(parse_size("2kB") == Bytes(2000));
  CHECK(parse_size("3GB") == Bytes(3'000'000'000));
  CHECK(parse_size("1T") == Bytes(std::int64_t{1} << 40));
}

TEST_CASE("text that is not a size is refused with an example of one") {
  for (const std::string text :
       {"", " ", "-1", "M", "big", "1X", "1MiB2", "1,5M", "nan", "1e30", "9e18", "10000000000T"}) {
    CAPTURE(text);
    const auto size = parse_size(text);
    REQUIRE_FALSE(size.has_value());
    CHECK(size.error().code == Errc::invalid_argument);
    CHECK(size.error().hint.find("200MiB") != std::string::npos);
  }
}

TEST_CASE("amounts of memory are written as people read them") {
  CHECK(readable(Bytes(0)) == "0 B");
  CHECK(readable(Bytes(1)) == "1 B");
  CHECK(readable(Bytes(1023)) == "1023 B");
  CHECK(readable(Bytes::from_kibibytes(812)) == "812.0 KiB");
  CHECK(readable(Bytes::from_mebibytes(364.4)) == "364.4 MiB");
  CHECK(readable(Bytes::from_mebibytes(1536)) == "1.50 GiB");
  CHECK(readable(Bytes::from_mebibytes(1024 * 1024)) == "1.00 TiB");
  CHECK(readable(Bytes::from_mebibytes(150 * 1024)) == "150.0 GiB");
}

TEST_CASE("an amount just below the next unit is never written as 1024 of the smaller one") {
  for (const std::int64_t unit : {1L << 10, 1L << 20, 1L << 30, 1L << 40}) {
    for (const std::int64_t below : {std::int64_t{1}, unit / 1024, unit / 512}) {
      const auto text = readable(Bytes(unit * 1024 - below));
      CAPTURE(text);
      CHECK(text.find("1024") == std::string::npos);
    }
  }
}

TEST_CASE("negative amounts keep their sign") {
  CHECK(readable(Bytes::from_mebibytes(-12.5)) == "-12.5 MiB");
}

TEST_CASE("lengths of time are written as people read them") {
  CHECK(readable(Duration(0)) == "0 µs");
  CHECK(readable(Duration(350us)) == "350 µs");
  CHECK(readable(Duration(5ms)) == "5.0 ms");
  CHECK(readable(Duration(350ms)) == "350 ms");
  CHECK(readable(Duration(12300ms)) == "12.3 s");
  CHECK(readable(Duration(125s)) == "2 min 5 s");
  CHECK(readable(Duration(120s)) == "2 min");
  CHECK(readable(Duration(200min)) == "3 h 20 min");
  CHECK(readable(Duration(52h)) == "2 d 4 h");
  CHECK(readable(Duration(-90s)) == "-1 min 30 s");
}

TEST_CASE("a moment is written precisely enough to be found again") {
  CHECK(readable_moment(0s) == "the start");
  CHECK(readable_moment(203us) == "203 µs");
  CHECK(readable_moment(1100us) == "1.1 ms");
  CHECK(readable_moment(405ms) == "405 ms");
  CHECK(readable_moment(12840ms) == "12.8 s");
  CHECK(readable_moment(99900ms) == "1 min 39.9 s");
  CHECK(readable_moment(3h + 25min + 46s) == "3 h 25 min 46 s");
  CHECK(readable_moment(36h + 25min + 10s) == "1 d 12 h 25 min");
  CHECK(readable_moment(3h) == "3 h");
  CHECK(readable_moment(-90s) == "-1 min 30.0 s");
}

TEST_CASE("a moment can be more precise than usual, never less") {
  CHECK(readable_moment(36h + 1530ms, 10ms) == "1 d 12 h 1.53 s");
  CHECK(readable_moment(12840ms, 1ms) == "12.840 s");
  CHECK(readable_moment(12840ms, 1h) == "12.8 s");
  CHECK(readable_moment(Duration(1), Duration(0)) == "0.001 µs");
}

TEST_CASE("a moment rounds into the next unit") {
  CHECK(readable_moment(59999ms) == "1 min");
  CHECK(readable_moment(999900us) == "1.0 s");
  CHECK(readable_moment(999999ns) == "1.0 ms");
  CHECK(readable_moment(24h - 1ms) == "1 d");
}

TEST_CASE("a length rounds into the next unit instead of naming sixty of the smaller one") {
  CHECK(readable(Duration(59999ms)) != "60.0 s");
  CHECK(readable(Duration(3599800ms)) == "1 h");
  CHECK(readable(Duration(999900us)) != "1000 ms");
}

TEST_CASE("the thousands of a count are separated") {
  CHECK(grouped_digits(0) == "0");
  CHECK(grouped_digits(999) == "999");
  CHECK(grouped_digits(11'777) == "11,777");
  CHECK(grouped_digits(100'000) == "100,000");
  CHECK(grouped_digits(1'234'567) == "1,234,567");
}

TEST_CASE("growth has a sign") {
  CHECK(growth_text(12) == "+12.0 MiB");
  CHECK(growth_text(-3.14) == "−3.1 MiB");
  CHECK(growth_text(0.0001) == "0");
  CHECK(growth_text(std::nan("")) == "");
}

TEST_CASE("the unit of time of a slope fits the length of what is shown") {
  CHECK(slope_text(2, 11s) == "+2.00 MiB/s");
  CHECK(slope_text(2, 119s) == "+2.00 MiB/s");
  CHECK(slope_text(2, 2min) == "+120 MiB/min");
  CHECK(slope_text(-2.0 / 60, 119min) == "−2.00 MiB/min");
  CHECK(slope_text(6.0 / 3600, 2h) == "+6.00 MiB/h");
  CHECK(slope_text(6.0 / 86400, 48h) == "+6.00 MiB/day");
}

TEST_CASE("a slope has three digits, in the unit of memory that needs no more") {
  CHECK(slope_text(22318.0 / 3600, 11s) == "+6.20 MiB/s");
  CHECK(slope_text(99.96, 11s) == "+100 MiB/s");
  CHECK(slope_text(-999.4, 11s) == "−999 MiB/s");
  CHECK(slope_text(999.6, 11s) == "+0.976 GiB/s");
  CHECK(slope_text(0.05 / 3600, 3h) == "+51.2 KiB/h");
  CHECK(slope_text(0.02 / 1024, 11s) == "+0.020 KiB/s");
  CHECK(slope_text(1e12, 11s) == "+931 PiB/s");
}

TEST_CASE("a slope that rounds to nothing is 0, and has no sign") {
  CHECK(slope_text(1e-12, 3h) == "0 MiB/h");
  CHECK(slope_text(-1e-12, 3s) == "0 MiB/s");
  CHECK(slope_text(std::nan(""), 3s) == "0 MiB/s");
}

TEST_CASE("absurd amounts have a text too") {
  CHECK(memory_text(std::nan("")) == "unknown");
  CHECK(memory_text(1e300) == "unknown");
  CHECK(memory_text(-2) == "−2.0 MiB");
}

TEST_CASE("a rate and its interval have the same unit and as many digits as the rate needs") {
  CHECK(interval_text(6, 5.8, 6.2, "/h") == "+6.00 MiB/h (95 %: 5.80 to 6.20)");
  CHECK(interval_text(1628, 1500, 1700, "/h") == "+1.59 GiB/h (95 %: 1.46 to 1.66)");
  CHECK(interval_text(29.4 / 1024, 28.1 / 1024, 30.7 / 1024, "/call") ==
        "+29.4 KiB/call (95 %: 28.1 to 30.7)");
  CHECK(interval_text(-6, -8, -4, "/h") == "−6.00 MiB/h (95 %: −8.00 to −4.00)");
}

TEST_CASE("a rate that is small beside its interval has no digits that mean nothing") {
  CHECK(interval_text(0.0001, -13.145, 36.979, "/h") == "+0.00 MiB/h (95 %: −13.14 to 36.98)");
  CHECK(interval_text(std::nan(""), 0, 1, "/h") == "unknown");
}

TEST_CASE("a short text of memory has three digits") {
  CHECK(short_memory_text(0.8) == "819 KiB");
  CHECK(short_memory_text(1) == "1.00 MiB");
  CHECK(short_memory_text(0.987) == "0.987 MiB");
  CHECK(short_memory_text(30.0 / (1 << 20)) == "30.0 B");
}
