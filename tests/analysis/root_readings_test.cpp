#include "mprofpp/analysis/root_readings.hpp"

#include <doctest/doctest.h>

using namespace mprofpp;
using namespace mprofpp::analysis;

namespace {

Instant at(int seconds) {
  return Instant{std::chrono::seconds(1000 + seconds)};
}

RootReadings readings_of_tree(const std::string& letters) {
  RootReadings readings;
  readings.take(model::Meta{"root", {"7"}});
  readings.take(model::Meta{"tree", {letters}});
  readings.take(model::Process{{7, 1}, 1, at(0), "sh", "sh"});
  return readings;
}

}  // namespace

TEST_CASE("without children in the sum the root has the MEM line") {
  auto readings = readings_of_tree("M");
  CHECK_FALSE(readings.take(model::Sample{10, at(0)}).has_value());
  readings.take(model::ChildSample{8, 5, at(0)});
  CHECK(readings.take(model::Sample{11, at(1)})->mib == 10);
  CHECK(readings.finish()->t == at(1));
}

TEST_CASE("of a sum the root has what the children of the tick leave") {
  auto readings = readings_of_tree("CM");
  readings.take(model::Process{{8, 2}, 7, at(0), "child", "child"});
  readings.take(model::Sample{10, at(0)});
  readings.take(model::ChildSample{8, 6, at(0)});
  CHECK(readings.finish()->mib == 4);
}

TEST_CASE("of a sum without lines of children the root's part is known while it is alone") {
  auto readings = readings_of_tree("C");
  readings.take(model::Sample{3, at(0)});
  readings.take(model::Process{{8, 2}, 7, at(1), "child", "child"});
  CHECK(readings.take(model::Sample{50, at(1)})->mib == 3);
  readings.take(model::Exit{8, at(2), 0});
  CHECK_FALSE(readings.take(model::Sample{4, at(2)}).has_value());
  CHECK(readings.finish()->mib == 4);
}

TEST_CASE("the line that repeats the last total at the root's end is not a reading") {
  auto readings = readings_of_tree("-");
  readings.take(model::Sample{3, at(0)});
  CHECK(readings.take(model::Sample{3, at(1)})->t == at(0));
  CHECK_FALSE(readings.take(model::Exit{7, at(1), 0}).has_value());
  CHECK_FALSE(readings.take(model::Sample{90, at(2)}).has_value());
  CHECK_FALSE(readings.finish().has_value());
}

TEST_CASE("a program that ended before its second sample has the one there is") {
  auto readings = readings_of_tree("-");
  readings.take(model::Sample{3, at(0)});
  CHECK(readings.take(model::Exit{7, at(0), 0})->mib == 3);
}

TEST_CASE("several roots have no part that is one's own") {
  RootReadings readings;
  readings.take(model::Meta{"root", {"7", "8"}});
  readings.take(model::Sample{3, at(0)});
  CHECK_FALSE(readings.finish().has_value());
}
