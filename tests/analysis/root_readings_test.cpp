#include "mprofpp/analysis/root_readings.hpp"

#include <doctest/doctest.h>

using namespace mprofpp;
using namespace mprofpp::analysis;

namespace {

Instant at(int seconds) {
  return Instant{std::chrono::seconds(1000 + seconds)};
}

RootReadings readings_of_tree(model::Children children) {
  RootReadings readings;
  readings.take(model::Settings{.roots = {7}});
  readings.take(model::Settings{.children = children});
  readings.take(model::Process{{7, 1}, 1, at(0), "sh", "sh"});
  return readings;
}

}  // namespace

TEST_CASE("the root is the MEM line if MEM does not include its children") {
  auto readings = readings_of_tree(model::Children::apart);
  CHECK_FALSE(readings.take(model::Sample{10, at(0)}).has_value());
  readings.take(model::ChildSample{8, 5, at(0)});
  CHECK(readings.take(model::Sample{11, at(1)})->mib == 10);
  CHECK(readings.finish()->t == at(1));
}

TEST_CASE("the root is the sum minus the children of the same tick") {
  auto readings = readings_of_tree(model::Children::summed_and_apart);
  readings.take(model::Process{{8, 2}, 7, at(0), "child", "child"});
  readings.take(model::Sample{10, at(0)});
  readings.take(model::ChildSample{8, 6, at(0)});
  CHECK(readings.finish()->mib == 4);
}

TEST_CASE("in a sum without lines of children the root is known while it is alone") {
  auto readings = readings_of_tree(model::Children::summed);
  readings.take(model::Sample{3, at(0)});
  readings.take(model::Process{{8, 2}, 7, at(1), "child", "child"});
  CHECK(readings.take(model::Sample{50, at(1)})->mib == 3);
  readings.take(model::Exit{8, at(2), 0});
  CHECK_FALSE(readings.take(model::Sample{4, at(2)}).has_value());
  CHECK(readings.finish()->mib == 4);
}

TEST_CASE("the line that repeats the last total at the root's exit is not a reading") {
  auto readings = readings_of_tree(model::Children::left_out);
  readings.take(model::Sample{3, at(0)});
  CHECK(readings.take(model::Sample{3, at(1)})->t == at(0));
  CHECK_FALSE(readings.take(model::Exit{7, at(1), 0}).has_value());
  CHECK_FALSE(readings.take(model::Sample{90, at(2)}).has_value());
  CHECK_FALSE(readings.finish().has_value());
}

TEST_CASE("a program that exits before its second sample has its only one") {
  auto readings = readings_of_tree(model::Children::left_out);
  readings.take(model::Sample{3, at(0)});
  CHECK(readings.take(model::Exit{7, at(0), 0})->mib == 3);
}

TEST_CASE("with several roots none has a reading of its own") {
  RootReadings readings;
  readings.take(model::Settings{.roots = {7, 8}});
  readings.take(model::Sample{3, at(0)});
  CHECK_FALSE(readings.finish().has_value());
}

TEST_CASE("in a sparse recording a child without a line has the value of its last one") {
  auto readings = readings_of_tree(model::Children::summed_and_apart);
  readings.take(model::Process{{8, 2}, 7, at(0), "child", "child"});
  readings.take(model::Sample{10, at(0), {}, 0});
  readings.take(model::ChildSample{8, 6, at(0)});
  CHECK(readings.take(model::Sample{11, at(1), {}, 1})->mib == 4);
  const auto from = readings.take(model::Held{0, 11, at(2), at(5), 4, {}});
  CHECK(from.reading->mib == 5);
  CHECK(from.held_mib == 5);
  readings.take(model::Sample{9, at(6), {}, 5});
  readings.take(model::ChildSample{8, 3, at(6)});
  CHECK(readings.finish()->mib == 6);
}

TEST_CASE("in a sparse recording the value of a child ends with its exit, after the tick") {
  auto readings = readings_of_tree(model::Children::summed_and_apart);
  readings.take(model::Process{{8, 2}, 7, at(0), "child", "child"});
  readings.take(model::Sample{10, at(0), {}, 0});
  readings.take(model::ChildSample{8, 6, at(0)});
  readings.take(model::Exit{8, at(1), 0});
  CHECK(readings.take(model::Sample{4, at(1), {}, 1})->mib == 4);
  CHECK(readings.finish()->mib == 4);
}

TEST_CASE("at a tick with all lines, a child without a line has no value") {
  auto readings = readings_of_tree(model::Children::summed_and_apart);
  readings.take(model::Process{{8, 2}, 7, at(0), "child", "child"});
  readings.take(model::Sample{10, at(0), {}, 0});
  readings.take(model::ChildSample{8, 6, at(0)});
  CHECK(readings.take(model::Sample{4, at(1), {}, 0})->mib == 4);
  CHECK(readings.finish()->mib == 4);
}
