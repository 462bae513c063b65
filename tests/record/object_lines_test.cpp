#include "mprofpp/record/objects/object_lines.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "support/collector.hpp"

using namespace mprofpp;
using namespace std::chrono_literals;
using model::ObjectCount;
using record::ObjectLines;

namespace {

constexpr model::ProcessId process{7, 100};

Instant at(int seconds) {
  return Instant{1000s + std::chrono::seconds(seconds)};
}

inspect::Census census(std::vector<inspect::TypeCount> types) {
  inspect::Census census;
  for (const auto& type : types) {
    census.objects += type.count;
    census.bytes += type.bytes;
  }
  census.types = std::move(types);
  return census;
}

std::vector<ObjectCount> lines_of(const test::Collector& out, const std::string& type) {
  auto lines = out.of<ObjectCount>();
  std::erase_if(lines, [&](const ObjectCount& line) { return line.type != type; });
  return lines;
}

}  // namespace

TEST_SUITE_BEGIN("record/object_lines");

TEST_CASE("a census starts with a line for all types together") {
  test::Collector out;
  ObjectLines lines(out);
  lines.add(process, at(0), census({{"dict", 2, 200}, {"app.User", 3, 150}}));
  const auto written = out.of<ObjectCount>();
  REQUIRE(written.size() == 3);
  CHECK(written[0] == ObjectCount{at(0), 7, "", 5, 350});
  CHECK(written[1] == ObjectCount{at(0), 7, "app.User", 3, 150});
  CHECK(written[2] == ObjectCount{at(0), 7, "dict", 2, 200});
}

TEST_CASE("a later census has lines of what has changed") {
  test::Collector out;
  ObjectLines lines(out);
  lines.add(process, at(0), census({{"dict", 2, 200}, {"list", 1, 56}, {"set", 1, 216}}));
  out.records.clear();
  lines.add(process, at(30), census({{"dict", 2, 240}, {"list", 1, 56}}));
  CHECK(out.of<ObjectCount>() == std::vector{ObjectCount{at(30), 7, "", 3, 296},
                                             ObjectCount{at(30), 7, "dict", 2, 240},
                                             ObjectCount{at(30), 7, "set", 0, 0}});
}

TEST_CASE("types with the same name are one") {
  test::Collector out;
  ObjectLines lines(out);
  lines.add(process, at(0), census({{"app.Row", 2, 96, "0x1"}, {"app.Row", 5, 240, "0x2"}}));
  CHECK(lines_of(out, "app.Row") == std::vector{ObjectCount{at(0), 7, "app.Row", 7, 336}});
}

TEST_CASE("a type that matters later has the numbers that it had before") {
  test::Collector out;
  ObjectLines lines(out, {.largest = 1, .growing = 1});
  lines.add(process, at(0), census({{"dict", 900, 90000}, {"app.User", 3, 150}}));
  CHECK(lines_of(out, "app.User").empty());
  lines.add(process, at(30), census({{"dict", 999, 99999}, {"app.User", 4, 200}}));
  CHECK(lines_of(out, "app.User").empty());
  lines.add(process, at(60), census({{"dict", 999, 99999}, {"app.User", 500, 25000}}));
  CHECK(lines_of(out, "app.User") == std::vector{ObjectCount{at(0), 7, "app.User", 3, 150},
                                                 ObjectCount{at(30), 7, "app.User", 4, 200},
                                                 ObjectCount{at(60), 7, "app.User", 500, 25000}});
}

TEST_CASE("a type that did not exist at the first census has no earlier numbers") {
  test::Collector out;
  ObjectLines lines(out);
  lines.add(process, at(0), census({{"dict", 2, 200}}));
  lines.add(process, at(30), census({{"dict", 2, 200}, {"app.User", 4, 200}}));
  CHECK(lines_of(out, "app.User") == std::vector{ObjectCount{at(30), 7, "app.User", 4, 200}});
}

TEST_CASE("a pid that is used again starts with a first census") {
  test::Collector out;
  ObjectLines lines(out);
  lines.add(process, at(0), census({{"dict", 2, 200}}));
  out.records.clear();
  lines.add({7, 200}, at(30), census({{"dict", 2, 200}}));
  CHECK(lines_of(out, "dict") == std::vector{ObjectCount{at(30), 7, "dict", 2, 200}});
}

TEST_CASE("a program of many types has lines of the largest") {
  test::Collector out;
  ObjectLines lines(out);
  std::vector<inspect::TypeCount> types;
  for (std::uint64_t i = 0; i < 5000; ++i)
    types.push_back({"app.T" + std::to_string(i), 5000 - i, 100 * i + 1});
  lines.add(process, at(0), census(types));
  CHECK(out.of<ObjectCount>().size() == 1 + 200 + 200);
  CHECK_FALSE(lines_of(out, "app.T4999").empty());
  CHECK_FALSE(lines_of(out, "app.T0").empty());
  CHECK(lines_of(out, "app.T2500").empty());
}

TEST_SUITE_END();
