#include "mprofpp/analysis/object_growth.hpp"

#include <doctest/doctest.h>

namespace mprofpp {
namespace {

using namespace std::chrono_literals;
using analysis::ObjectAmount;
using analysis::ObjectGrowthFold;

Instant at(int seconds) {
  return Instant{1000s + std::chrono::seconds(seconds)};
}

model::ObjectCount all_of(pid_t pid, int seconds, std::uint64_t count = 100) {
  return {at(seconds), pid, "", count, 10 * count};
}

model::ObjectCount of_type(pid_t pid, int seconds, const std::string& type, std::uint64_t count) {
  return {at(seconds), pid, type, count, 10 * count};
}

TEST_SUITE_BEGIN("analysis/object_growth");

TEST_CASE("growth is between the first census and the last one") {
  ObjectGrowthFold fold({});
  for (const auto& record :
       {all_of(7, 0), of_type(7, 0, "dict", 50), of_type(7, 0, "list", 20), all_of(7, 30, 130),
        of_type(7, 30, "dict", 80), all_of(7, 60, 120), of_type(7, 60, "list", 10)}) {
    fold.take(record);
  }
  const auto growth = fold.growth();
  REQUIRE(growth.size() == 1);
  CHECK(growth[0].from == at(0));
  CHECK(growth[0].to == at(60));
  CHECK(growth[0].censuses == 3);
  CHECK(growth[0].all.added_count() == 20);
  REQUIRE(growth[0].types.size() == 2);
  CHECK(growth[0].types[0].type == "dict");
  CHECK(growth[0].types[0].before == ObjectAmount{50, 500});
  CHECK(growth[0].types[0].after == ObjectAmount{80, 800});
  CHECK(growth[0].types[1].added_count() == -10);
}

TEST_CASE("a window starts with the numbers that held then") {
  ObjectGrowthFold fold({at(40), at(70)});
  for (const auto& record :
       {all_of(7, 0), of_type(7, 0, "dict", 50), all_of(7, 30), of_type(7, 30, "dict", 60),
        all_of(7, 60), of_type(7, 60, "dict", 75), all_of(7, 90), of_type(7, 90, "dict", 99)}) {
    fold.take(record);
  }
  const auto growth = fold.growth();
  REQUIRE(growth.size() == 1);
  CHECK(growth[0].from == at(30));
  CHECK(growth[0].to == at(60));
  CHECK(growth[0].censuses == 2);
  CHECK(growth[0].types[0].before.count == 60);
  CHECK(growth[0].types[0].after.count == 75);
}

TEST_CASE("a type without a record at the first census had no objects") {
  ObjectGrowthFold fold({});
  fold.take(all_of(7, 0));
  fold.take(all_of(7, 30));
  fold.take(of_type(7, 30, "app.User", 3));
  CHECK(fold.growth()[0].types[0].before.count == 0);
}

TEST_CASE("a type that appears late has its earlier numbers") {
  ObjectGrowthFold fold({});
  fold.take(all_of(7, 0));
  fold.take(all_of(7, 60));
  for (const int time : {0, 30, 60}) fold.take(of_type(7, time, "app.User", 5 + time));
  const auto growth = fold.growth();
  CHECK(growth[0].types[0].before.count == 5);
  CHECK(growth[0].types[0].after.count == 65);
}

TEST_CASE("a pid that is used again is another process") {
  ObjectGrowthFold fold({});
  fold.take(model::Process{{7, 1}, 1, at(0), "python3", ""});
  fold.take(all_of(7, 0));
  fold.take(of_type(7, 0, "dict", 50));
  fold.take(model::Process{{7, 2}, 1, at(10), "gunicorn", ""});
  fold.take(all_of(7, 20));
  fold.take(of_type(7, 20, "dict", 10));
  const auto growth = fold.growth();
  REQUIRE(growth.size() == 2);
  CHECK(growth[0].process.name == "python3");
  CHECK(growth[1].process.name == "gunicorn");
  CHECK(growth[1].types[0].added_count() == 0);
}

TEST_CASE("a process without a census in the window is left out") {
  ObjectGrowthFold fold({at(40), at(70)});
  fold.take(all_of(7, 0));
  fold.take(all_of(8, 80));
  CHECK(fold.growth().empty());
}

TEST_SUITE_END();

}  // namespace
}  // namespace mprofpp
