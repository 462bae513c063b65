#include "mprofpp/analysis/call_totals.hpp"

#include <doctest/doctest.h>

#include "support/made_up.hpp"

using namespace mprofpp;
using namespace mprofpp::analysis;
using test::after;

namespace {

model::CallGroup group() {
  model::CallGroup made;
  made.name = "f";
  made.t_from = after(10);
  made.t_to = after(14);
  made.count = 400;
  made.seconds = 2;
  made.growth = 8;
  return made;
}

}  // namespace

TEST_CASE("a group within the window is counted as it is") {
  const auto part = part_within(group(), {after(10), after(14)});
  CHECK(part.group == group());
  CHECK_FALSE(part.is_estimate);
}

TEST_CASE("a group that reaches out of the window is counted in proportion to the time") {
  const auto part = part_within(group(), {after(13), after(20)});
  CHECK(part.is_estimate);
  CHECK(part.group.t_from == after(13));
  CHECK(part.group.t_to == after(14));
  CHECK(part.group.count == 100);
  CHECK(part.group.seconds == doctest::Approx(0.5));
  CHECK(*part.group.growth == doctest::Approx(2));
}

TEST_CASE("a window that hardly touches a group contains one call of it") {
  CHECK(part_within(group(), {after(14), after(20)}).group.count == 1);
}

TEST_CASE("a group does not count as a single call that grew") {
  CallTotals totals;
  totals.add(GroupPart{group()});
  CHECK_FALSE(totals.largest_growth.has_value());
  totals.add(test::call("f", 1, 2, 0));
  CHECK(totals.calls == 401);
  CHECK(totals.largest_growth == 10);
}

TEST_CASE("the largest change may be memory that a call freed") {
  CallTotals totals;
  totals.add(test::call("f", 1, 2, 0));
  auto freed = test::call("f", 3, 4, 0);
  freed.mib_out = 20;
  totals.add(freed);
  CHECK(totals.largest_growth == 10);
  CHECK(totals.largest_change == 30);
}
