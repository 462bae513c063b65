#include "mprofpp/leak/type_evidence.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <string>

using namespace mprofpp;
using namespace mprofpp::leak;

namespace {

constexpr double start = 1763637915;
constexpr double hour = 3600;

/// An hour of censuses, one a minute. `count_at` has the number of objects, each of 100 bytes.
class Hour {
 public:
  void add(pid_t pid, const std::string& type, const std::function<double(int)>& count_at) {
    for (int minute = 0; minute <= 60; ++minute) {
      const auto t = instant_from_seconds(start + 60.0 * minute).value();
      const auto count = static_cast<std::uint64_t>(std::llround(count_at(minute)));
      evidence_.take(model::ObjectCount{t, pid, "", 1000, 100'000});
      evidence_.take(model::ObjectCount{t, pid, type, count, 100 * count});
    }
  }
  std::vector<Finding> findings(const LeakPlace& leak) const { return evidence_.findings(leak); }

 private:
  TypeEvidence evidence_;
};

LeakPlace whole_hour(pid_t pid) {
  return {.pid = pid, .from = start, .to = start + hour};
}

}  // namespace

TEST_SUITE_BEGIN("leak/type_evidence");

TEST_CASE("a type whose floors rise is found, with what it added and its rate") {
  Hour censuses;
  censuses.add(7, "app.User", [](int minute) { return 500 + 100 * minute; });
  const auto found = censuses.findings(whole_hour(7));
  REQUIRE(found.size() == 1);
  CHECK(found[0].kind == "type");
  CHECK(found[0].where == "app.User");
  CHECK(found[0].count == 6000);
  CHECK(found[0].mib == doctest::Approx(600'000 / 1048576.0));
  REQUIRE(found[0].rate);
  CHECK(found[0].rate->count_per_hour == doctest::Approx(6000).epsilon(0.01));
  CHECK(found[0].rate->mib_per_hour == doctest::Approx(600'000 / 1048576.0).epsilon(0.01));
  CHECK_FALSE(found[0].rate->count_per_call);
}

TEST_CASE("the rate is per call if the function that keeps the memory is known") {
  Hour censuses;
  censuses.add(7, "app.User", [](int minute) { return 500 + 100 * minute; });
  auto leak = whole_hour(7);
  leak.calls = 3000;
  const auto found = censuses.findings(leak);
  REQUIRE(found.size() == 1);
  CHECK(found[0].rate->count_per_call.value_or(0) == doctest::Approx(2).epsilon(0.01));
}

TEST_CASE("types that do not rise are not found") {
  Hour censuses;
  censuses.add(7, "app.Steady", [](int) { return 500; });
  censuses.add(7, "app.Falling", [](int minute) { return 5000 - 10 * minute; });
  censuses.add(7, "app.Requests", [](int minute) { return minute % 7 * 1000; });
  censuses.add(7, "app.Loaded", [](int minute) { return minute < 5 ? 0 : 90'000; });
  CHECK(censuses.findings(whole_hour(7)).empty());
}

TEST_CASE("a rise above a saw tooth is found by its floors") {
  Hour censuses;
  censuses.add(7, "app.User", [](int minute) { return 20 * minute + minute % 5 * 300; });
  const auto found = censuses.findings(whole_hour(7));
  REQUIRE(found.size() == 1);
  CHECK(found[0].rate->count_per_hour == doctest::Approx(1200).epsilon(0.1));
}

TEST_CASE("types of other processes are left out") {
  Hour censuses;
  censuses.add(7, "app.User", [](int minute) { return 100 * minute; });
  censuses.add(8, "app.Other", [](int minute) { return 100 * minute; });
  CHECK(censuses.findings(whole_hour(7)).size() == 1);
  auto all = whole_hour(7);
  all.pid.reset();
  CHECK(censuses.findings(all).size() == 2);
}

TEST_CASE("a few censuses are not enough") {
  TypeEvidence evidence;
  for (int i = 0; i < 5; ++i) {
    const auto t = instant_from_seconds(start + 600.0 * i).value();
    evidence.take(model::ObjectCount{t, 7, "", 1000, 100'000});
    evidence.take(model::ObjectCount{t, 7, "app.User", static_cast<std::uint64_t>(100 * i), 9000});
  }
  CHECK(evidence.findings(whole_hour(7)).empty());
}

TEST_CASE("classes of the program are found next to the built-in types that take more memory") {
  Hour censuses;
  for (const auto* type : {"dict", "list", "str", "tuple", "set"})
    censuses.add(7, type, [](int minute) { return 1000 * minute; });
  censuses.add(7, "app.GroupMilestoneManager", [](int minute) { return 5 * minute; });
  const auto found = censuses.findings(whole_hour(7));
  REQUIRE(found.size() == 4);
  CHECK(found[3].where == "app.GroupMilestoneManager");
}

TEST_SUITE_END();
