#include "mprofpp/dat/decode.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "mprofpp/dat/encode.hpp"
#include "support/collector.hpp"

using namespace mprofpp;
using namespace mprofpp::model;
using namespace std::chrono_literals;
using dat::decode_line;
using dat::LineKind;
using test::Collector;

namespace {

constexpr Instant start{1763637915s + 125ms};  // exact in the double that it is read through

/// Returns the only record of the line.
Collector::Record record_of(std::string_view line) {
  Collector records;
  INFO("line: ", std::string(line));
  const auto kind = decode_line(line, records);
  REQUIRE(kind.has_value());
  REQUIRE(*kind == LineKind::known);
  REQUIRE(records.records.size() == 1);
  return records.records[0];
}

template <class Record>
Record read_as(std::string_view line) {
  return std::get<Record>(record_of(line));
}

template <class Record>
void check_both_ways(const Record& record) {
  std::string line;
  dat::append_line(line, record);
  CAPTURE(line);
  REQUIRE(line.ends_with('\n'));
  line.pop_back();
  CHECK(read_as<Record>(line) == record);
}

/// Returns the failure of a line that cannot be read; no part of it may have been passed on.
Error failure_of(std::string_view line) {
  Collector records;
  INFO("line: ", std::string(line));
  const auto kind = decode_line(line, records);
  REQUIRE_FALSE(kind.has_value());
  REQUIRE(records.records.empty());
  return kind.error();
}

}  // namespace

TEST_CASE("every kind of record is read as it was written") {
  using Source = KernelPeak::Source;
  const LaneId thread{7, LaneId::Kind::thread, 0};
  const LaneId greenlet{7, LaneId::Kind::greenlet, 2};
  const LaneId task{7, LaneId::Kind::task, 12};
  check_both_ways(Sample{364.5, start});
  check_both_ways(ChildSample{4711, 0.25, start});
  check_both_ways(CommandLine{"gunicorn -b \"a b\" \\$x"});
  check_both_ways(Settings{.argv = {"sh", "-c", "a b\n", "", "-"}});
  check_both_ways(Process{{4711, 98765}, 1, start, "a b", "\xFF --x"});
  check_both_ways(Process{{4711, 0}, 0, start, "", ""});
  const CallFlags open{.open = true};
  check_both_ways(Call{"f g", 1, start, 2, start + 1s, 0, 7, greenlet, 1.5, std::nullopt, open});
  check_both_ways(Call{"-", 1, start, 2, start + 1s, 5, 0, {}, std::nullopt, 3.0, {}});
  check_both_ways(OpenCall{start, 7, thread, 2, std::nullopt, "f"});
  check_both_ways(CallGroup{"f", 7, task, 1, start, start + 1s, 1000, 0.5, 1.0, 2.0, std::nullopt});
  check_both_ways(PointMark{start, 7, "phase 2"});
  check_both_ways(Title{7, start, "postgres: shop SELECT"});
  check_both_ways(Exit{7, start, 139});
  check_both_ways(Exit{7, start, std::nullopt});
  check_both_ways(KernelPeak{7, 65.25, Source::hwm});
  check_both_ways(KernelPeak{7, 65.25, Source::rusage});
  check_both_ways(KernelPeak{7, 65.25, Source::tree_max});
  check_both_ways(Lost{start, Loss::processes, 73});
  check_both_ways(Suspended{start, 90500ms});
  check_both_ways(Limit{start, "memory.high", 512, 7});
  check_both_ways(Line{7, "app.f", "a b.py", 3, 5, 1000, std::nullopt, -1.5});
  check_both_ways(Line{7, "app.f", "/x.py", 3, 5, 1, 20.5, 1.5, 30.25, 0.125});
  check_both_ways(Line{7, "app.f", "/x.py", 3, 3, 4, 20.5, 20, {}, {}, LineCalls{}});
  const LineCalls calls{1, 2, 3, 4, 0xfedcba9876543210};
  check_both_ways(Line{7, "app.f", "/x.py", 3, 3, 4, 20.5, 20, {}, {}, calls});
  check_both_ways(ObjectCount{start, 7, "app.User list", 12, 3456});
  check_both_ways(ObjectCount{start, 7, "", 120034, 34123456});
  check_both_ways(ObjectCount{start, 7, "-", 0, 0});
  check_both_ways(Lost{start, Loss::censuses, 2});
  check_both_ways(End{start, EndReason::ended, 20, 364.5, start});
  check_both_ways(End{start, EndReason::timed_out, 20, 364.5, start});
  check_both_ways(End{start, EndReason::interrupted, 20, 364.5, start});
}

TEST_CASE("the lines that mprof writes are read") {
  CHECK(read_as<Sample>("MEM 0.457031 1763637915.1250") == Sample{0.457031, start});
  CHECK(read_as<ChildSample>("CHLD 2345 33.089844 1763637915.1234").pid == 2345);
  CHECK(read_as<CommandLine>("CMDLINE python ex.py").text == "python ex.py");
  const auto call = read_as<Call>("FUNC __main__.inner 19.8 1763637915.10 35.0 1763637915.35 1");
  CHECK(call.name == "__main__.inner");
  CHECK(call.level == 1);
  CHECK(call.pid == 0);
  CHECK(call.lane == LaneId{});
}

TEST_CASE("a record that is written again equals the line that was read, digit by digit") {
  for (int micros = 0; micros < 1'000'000; micros += 997) {
    std::string line;
    dat::append_line(line, Sample{364.4, Instant{1763637915s + std::chrono::microseconds(micros)}});
    std::string again;
    dat::append_line(again, read_as<Sample>(std::string_view(line).substr(0, line.size() - 1)));
    REQUIRE(again == line);
  }
}

TEST_CASE("a FUNC of an older mprof has no level") {
  CHECK_FALSE(read_as<Call>("FUNC f 1 2 3 4").level.has_value());
}

TEST_CASE("a child that ended while mprof read it has no reading") {
  Collector records;
  CHECK(decode_line("CHLD 0 0.000000 1763637915.1", records).value() == LineKind::known);
  CHECK(decode_line("CHLD 0 0.0000001 1763637915.1", records).value() == LineKind::known);
  CHECK(records.records.empty());
}

TEST_CASE("a child that an older mprof numbered 0 has its readings") {
  CHECK(read_as<ChildSample>("CHLD 0 388.5 2.5") == ChildSample{0, 388.5, Instant{2500ms}, {}});
}

TEST_CASE("a carriage return at the end of a line is not part of it") {
  CHECK(read_as<Sample>("MEM 1.5 2.5\r") == Sample{1.5, Instant{2500ms}});
  CHECK(read_as<CommandLine>("CMDLINE a b\r").text == "a b");
}

TEST_CASE("fields after the known ones are ignored") {
  CHECK(read_as<Sample>("MEM 1.5 2.5 more and more") == Sample{1.5, Instant{2500ms}});
  CHECK(read_as<Exit>("EXIT 7 2.5 0 more").status == 0);
  CHECK(read_as<End>("END 2.5 exit 1 2 3 more").samples == 1);
  CHECK(read_as<End>("END 2.5 exit 1 2 3").reason == EndReason::unknown);
}

TEST_CASE("other metrics are read as they were written") {
  check_both_ways(Sample{1, start, {{Metric::pss, 0.5}, {Metric::swap, 2}}});
  check_both_ways(ChildSample{7, 1, start, {{Metric::uss, 0.25}}});
  check_both_ways(KernelPeak{7, 1, KernelPeak::Source::hwm, 2.5});
}

TEST_CASE(
    "the number of ticks that a line of a sparse recording stands for is read as it was written") {
  check_both_ways(Sample{1, start, {}, 0});
  check_both_ways(Sample{1, start, {{Metric::pss, 0.5}}, 100});
  CHECK(read_as<Sample>("MEM 1 2").ticks == std::nullopt);
}

TEST_CASE("a number of ticks that cannot have passed is damage") {
  for (const char* line : {"MEM 1 2 ticks=", "MEM 1 2 ticks=-1", "MEM 1 2 ticks=1e3",
                           "MEM 1 2 ticks=99999999999999"}) {
    CAPTURE(line);
    CHECK(failure_of(line).what.find("number of ticks") != std::string::npos);
  }
}

TEST_CASE("a field after a sample that is not a metric does not hide the others") {
  const auto sample =
      read_as<Sample>("MEM 1 2 what =3 pss=0.5 x=y swap= vms=nan anon=1e300 a%3Db=2 uss=1");
  CHECK(sample.extra_readings == std::vector<Reading>{{Metric::pss, 0.5}, {Metric::uss, 1}});
}

TEST_CASE("unknown kinds are skipped") {
  for (const std::string line :
       {"THROTTLE 1 cgroup 512", "FOO", "", " ", "mem 1 2", "MEMO 1 2", "# x"}) {
    CAPTURE(line);
    Collector records;
    CHECK(decode_line(line, records).value() == LineKind::unknown);
    CHECK(records.records.empty());
  }
}

TEST_CASE("memory that is below zero or missing is a reading like any other") {
  CHECK(read_as<Sample>("MEM -1.5 2").mib == -1.5);
  CHECK(std::isnan(read_as<Sample>("MEM nan 2").mib));
  CHECK(read_as<Sample>("MEM 8e12 2").mib == 8e12);
}

TEST_CASE("a line with a field missing or wrong is damage that names the field") {
  for (const std::string line : {"MEM",
                                 "MEM 1.5",
                                 "MEM 1.5 ",
                                 "MEM x 2",
                                 "MEM 1,5 2",
                                 "MEM 1.5 nan",
                                 "MEM 1.5 1e300",
                                 "MEM 1e300 2",
                                 "MEM -1e13 2",
                                 "MEM inf 2",
                                 "CHLD 1 9000000000000 3",
                                 "PEAK 1 1e300 hwm",
                                 "END 1 exit 20 1e300 3",
                                 "FUNC f 1 2 3 4 0 7 t7 1e300 - -",
                                 "MEM  1.5 2",
                                 "CHLD 1 2",
                                 "CHLD x 2 3",
                                 "CHLD 1.5 2 3",
                                 "CHLD 99999999999 2 3",
                                 "FUNC f 1 2 3",
                                 "FUNC f 1 2 3 4 x",
                                 "FUNC load data 1 2 3 4 0",
                                 "PROC 1 2 3 4 name",
                                 "PROC 1 -2 3 4 n c",
                                 "EXIT 1 2",
                                 "EXIT 1 2 x",
                                 "PEAK 1 2 guess",
                                 "PEAK 1 2",
                                 "LOST 1 ticks",
                                 "LOST 1 ticks -1",
                                 "LOST 1 suspended",
                                 "LOST 1 suspended -1",
                                 "LOST 1 suspended nan",
                                 "LIMIT 1 memory.high 512",
                                 "LIMIT 1 memory.high x 0",
                                 "LIMIT 1 memory.high nan 0",
                                 "LIMIT 1 memory.high inf 0",
                                 "LIMIT 1 memory.high 0 0",
                                 "LIMIT 1 memory.high -5 0",
                                 "END 1 exit 2 3",
                                 "MARK 1 2",
                                 "OPEN 1 2 t1 0 -",
                                 "META",
                                 "OBJ 1 2 dict 3",
                                 "OBJ 1 2 dict -3 4",
                                 "OBJ 1 2 dict 3 x",
                                 "OBJ 1 2 dict 3 999999999999999999",
                                 "OBJ 1 2 dict 99999999999999 4",
                                 "CALLS f 1 t1 0 1 2 3 4 5 6"}) {
    CHECK(failure_of(line).code == Errc::malformed);
  }
  CHECK(failure_of("MEM 1.5").what.find("time") != std::string::npos);
  CHECK(failure_of("MEM x 2").what.find("memory") != std::string::npos);
}

TEST_CASE(
    "a line cut at any byte is read completely, refused or unknown, and never crashes the reader") {
  const std::string lines[] = {
      "MEM 364.500000 1763637915.123456",
      "CHLD 4711 0.250000 1763637915.123456",
      "PROC 4711 98765 1 1763637915.123456 a%20b a%20b%20--x",
      "FUNC f%20g 1.000000 1763637915.123456 2.000000 1763637916.123456 0 7 t7.g2 1.5 - open",
      "PEAK 7 65.250000 tree-max",
      "EXIT 7 1763637915.123456 139",
      "END 1763637915.123456 ended 20 364.500000 1763637915.123456",
      "META argv sh -c a%20b%0A - %2D",
  };
  for (const auto& line : lines) {
    for (std::size_t cut = 0; cut <= line.size(); ++cut) {
      Collector records;
      const auto kind = decode_line(std::string_view(line).substr(0, cut), records);
      REQUIRE(records.records.size() == (kind && *kind == LineKind::known ? 1 : 0));
    }
  }
}

TEST_CASE("a newer format is refused with a message that says what to do") {
  const auto error = failure_of("META format 2");
  CHECK(error.code == Errc::unsupported);
  CHECK(error.what.find("newer mprofpp (format 2)") != std::string::npos);
  CHECK(error.hint.find("update") != std::string::npos);
  CHECK(failure_of("META format").code == Errc::unsupported);
  CHECK(read_as<Settings>("META format 1").format == 1);
}

TEST_CASE("bytes of any value in a line do not crash the reader") {
  for (const std::string keyword : {"MEM ", "CHLD ", "PROC ", "FUNC ", "META ", "END ", ""}) {
    for (int byte = 0; byte < 256; ++byte) {
      Collector records;
      const auto kind = decode_line(keyword + std::string(50, static_cast<char>(byte)), records);
      if (!kind) REQUIRE(kind.error().code == Errc::malformed);
    }
  }
}
