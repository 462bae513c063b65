#include "mprofpp/dat/encode.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdio>
#include <limits>
#include <vector>

#include "mprofpp/base/text.hpp"
#include "mprofpp/dat/escape.hpp"
#include "support/locale.hpp"

using namespace mprofpp;
using namespace mprofpp::model;
using namespace std::chrono_literals;

namespace {

constexpr Instant start{1763637915s + 123456us};

template <class Record>
std::string line(const Record& record) {
  std::string out;
  dat::append_line(out, record);
  return out;
}

}  // namespace

TEST_CASE("MEM and CHLD have mprof's fields, with six decimals of a MiB and of a second") {
  CHECK(line(Sample{364.3984375, start}) == "MEM 364.398438 1763637915.123456\n");
  CHECK(line(ChildSample{4711, 0.5, start}) == "CHLD 4711 0.500000 1763637915.123456\n");
  CHECK(line(Sample{0, start}) == "MEM 0.000000 1763637915.123456\n");
}

TEST_CASE("other metrics follow the fields that mprof reads, as key and value") {
  CHECK(line(Sample{1, start, {{Metric::pss, 0.5}, {Metric::swap, 0}}}) ==
        "MEM 1.000000 1763637915.123456 pss=0.500000 swap=0.000000\n");
  CHECK(line(ChildSample{7, 1, start, {{Metric::pss, 0.5}}}) ==
        "CHLD 7 1.000000 1763637915.123456 pss=0.500000\n");
  CHECK(line(KernelPeak{7, 1, KernelPeak::Source::hwm, 2.5}) ==
        "PEAK 7 1.000000 hwm vms=2.500000\n");
}

TEST_CASE("any number of pages or KiB is rounded as by printf") {
  for (std::int64_t kib = 0; kib < 40'000'000; kib += 997) {
    const double mib = static_cast<double>(kib) / 1024;
    char expected[64];
    std::snprintf(expected, sizeof expected, "MEM %.6f 1763637915.123456\n", mib);
    // a half is rounded to the even neighbour there and away from zero here: 10 digits decide, not 6
    const auto ours = line(Sample{mib, start});
    REQUIRE(std::abs(parse_number(ours.substr(4, ours.find(' ', 4) - 4)).value() - mib) <=
            5.0001e-7);
    if (kib % 16 == 0) REQUIRE(ours == expected);
  }
}

TEST_CASE("values that are negative or not a number are written too") {
  CHECK(line(Sample{std::numeric_limits<double>::quiet_NaN(), start}) ==
        "MEM nan 1763637915.123456\n");
  CHECK(line(Sample{-1.5, start}) == "MEM -1.500000 1763637915.123456\n");
  CHECK(line(Sample{1e14, start}) == "MEM 100000000000000.000000 1763637915.123456\n");
}

TEST_CASE("a time before 1970 is written too") {
  CHECK(line(Sample{1, Instant{-1500ms}}) == "MEM 1.000000 -1.500000\n");
}

TEST_CASE("a comma locale does not change a line") {
  const test::CommaLocale german;
  CHECK(line(Sample{1364.5, start}) == "MEM 1364.500000 1763637915.123456\n");
  CHECK(line(ChildSample{1234567, -0.5, start}) == "CHLD 1234567 -0.500000 1763637915.123456\n");
}

TEST_CASE("CMDLINE contains its text as it is") {
  const std::vector<std::string> arguments = {"gunicorn", "-b", "a b", "app:app"};
  CHECK(line(CommandLine{dat::quote_arguments(arguments)}) ==
        "CMDLINE gunicorn -b \"a b\" app:app\n");
}

TEST_CASE("META keeps arguments apart") {
  CHECK(line(Settings{.format = 1}) == "META format 1\n");
  CHECK(line(Settings{.argv = {"sh", "-c", "echo a b", "", "-"}}) ==
        "META argv sh -c echo%20a%20b - %2D\n");
}

TEST_CASE("PROC has the process, its start, its parent and its command") {
  CHECK(line(Process{{4711, 98765}, 1, start, "a b", "a b --x"}) ==
        "PROC 4711 98765 1 1763637915.123456 a%20b a%20b%20--x\n");
  CHECK(line(Process{{2, 0}, 0, start, "", ""}) == "PROC 2 0 0 1763637915.123456 - -\n");
}

TEST_CASE("EXIT has a status or a dash") {
  CHECK(line(Title{7, start, "postgres: shop"}) == "TITLE 7 1763637915.123456 postgres:%20shop\n");
  CHECK(line(Exit{7, start, 139}) == "EXIT 7 1763637915.123456 139\n");
  CHECK(line(Exit{7, start, std::nullopt}) == "EXIT 7 1763637915.123456 -\n");
}

TEST_CASE("PEAK names the source of the kernel's number") {
  using Source = KernelPeak::Source;
  CHECK(line(KernelPeak{7, 1.25, Source::hwm}) == "PEAK 7 1.250000 hwm\n");
  CHECK(line(KernelPeak{7, 1.25, Source::rusage}) == "PEAK 7 1.250000 rusage\n");
  CHECK(line(KernelPeak{7, 1.25, Source::tree_max}) == "PEAK 7 1.250000 tree-max\n");
}

TEST_CASE("LOST and END describe the recording itself") {
  CHECK(line(Lost{start, Loss::ticks, 3}) == "LOST 1763637915.123456 ticks 3\n");
  CHECK(line(Suspended{start, 90500ms}) == "LOST 1763637915.123456 suspended 90.500000\n");
  CHECK(line(End{start, EndReason::ended, 20, 1.5, start + 1s}) ==
        "END 1763637915.123456 ended 20 1.500000 1763637916.123456\n");
}

TEST_CASE("counts use all their bits") {
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  CHECK(line(Lost{start, Loss::ticks, most}) ==
        "LOST 1763637915.123456 ticks 18446744073709551615\n");
  CHECK(line(Process{{1, most}, 1, start, "x", "x"}) ==
        "PROC 1 18446744073709551615 1 1763637915.123456 x x\n");
}

TEST_CASE("FUNC starts with mprof's six fields in mprof's order") {
  const LaneId lane{7, LaneId::Kind::thread, 0};
  const CallFlags raised{.raised = true};
  const Call call{"__main__.work", 1,     start, 2, start + 500ms, 3, 7, lane, 0.5,
                  std::nullopt,    raised};
  CHECK(line(call) ==
        "FUNC __main__.work 1.000000 1763637915.123456 2.000000 1763637915.623456 3 "
        "7 t7 0.500000 - raised\n");
}

TEST_CASE("no record can break out of its line") {
  const std::string evil = "a\nMEM 1 2\r\x85";
  const std::vector<std::string> lines = {
      line(Settings{.argv = {evil, evil}}),
      line(Process{{1, 1}, 1, start, evil, evil}),
      line(PointMark{start, 1, evil}),
      line(CommandLine{dat::quote_arguments(std::vector{evil})}),
      line(Call{evil, 1, start, 1, start, 0, 1, {}, 1., 1., {}}),
      line(OpenCall{start, 1, {}, 0, 1., evil}),
  };
  for (const auto& text : lines) {
    CAPTURE(text);
    CHECK(text.find('\n') == text.size() - 1);
    CHECK(text.find('\r') == std::string::npos);
    CHECK(to_valid_utf8(text) == text);
  }
}
