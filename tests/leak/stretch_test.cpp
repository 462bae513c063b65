#include "mprofpp/leak/stretch.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "leak/made_curves.hpp"
#include "mprofpp/leak/floors.hpp"

using namespace mprofpp::leak;

namespace {

std::optional<Stretch> whole(const Readings& readings) {
  return look_at(readings, curve_start, curve_start + 1200, 12);
}

}  // namespace

TEST_CASE("a stretch of a straight climb has its rate and all its moves") {
  const auto found = whole(made_curve(1200, 2401, [](double t) { return 40 + 12 * t; }));
  REQUIRE(found);
  CHECK(found->floors.size() == 12);
  CHECK(found->trend.tau == doctest::Approx(1));
  CHECK(found->slope.middle == doctest::Approx(0.01));
  CHECK(found->growth() == doctest::Approx(12));
  CHECK(found->kept_mib == doctest::Approx(11));
  CHECK(found->largest_share == doctest::Approx(1 / 11.0));
  CHECK(found->upward_moves == 11);
  CHECK_FALSE(found->falls_short);
}

TEST_CASE("a step in a climb is in its floors but not in its rate") {
  const auto found =
      whole(made_curve(1200, 2401, [](double t) { return 12 * t + (t < 0.5 ? 0.0 : 30.0); }));
  REQUIRE(found);
  REQUIRE(found->taken.size() == 1);
  CHECK(found->taken[0].seconds - curve_start == doctest::Approx(650));
  CHECK(found->taken[0].mib == doctest::Approx(30));
  CHECK(found->floors.back().mib > 40);
  CHECK(found->slope.middle == doctest::Approx(0.01));
}

TEST_CASE("a stretch that falls keeps nothing") {
  const auto found = whole(made_curve(1200, 2401, [](double t) { return 40 - 12 * t; }));
  REQUIRE(found);
  CHECK(found->kept_mib == 0);
  CHECK(found->largest_share == 1);
  CHECK(found->upward_moves == 0);
}

TEST_CASE("a climb that has nearly stopped in the last stretch falls short") {
  const auto found = whole(made_curve(1200, 2401, [](double t) { return 12 * std::min(t, 0.85); }));
  REQUIRE(found);
  CHECK(found->falls_short);
}

TEST_CASE("four floors are too few, five are enough") {
  const auto readings = made_curve(1200, 2401, [](double t) { return t; });
  const auto four = between(readings, curve_start, curve_start + 399);
  const auto five = between(readings, curve_start, curve_start + 400);
  CHECK_FALSE(whole(four));
  REQUIRE(whole(five));
  CHECK(whole(five)->floors.size() == 5);
}
