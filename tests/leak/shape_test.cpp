#include "mprofpp/leak/shape.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "leak/made_curves.hpp"

using namespace mprofpp::leak;

namespace {

/// Twelve values of something that fills, at the middles of twelve stretches.
struct Twelve {
  std::vector<double> us;
  std::vector<double> values;
};
template <class Memory>
Twelve twelve(Memory memory) {
  Twelve result;
  for (int i = 0; i < 12; ++i) {
    result.us.push_back((i + 0.5) / 12);
    result.values.push_back(memory(result.us.back()));
  }
  return result;
}

}  // namespace

TEST_CASE("one large move in a regular climb is taken out") {
  const auto [values, taken] = without_steps({0, 1, 2, 3, 13, 14, 15, 16});
  CHECK(values == std::vector<double>{0, 1, 2, 3, 4, 5, 6, 7});
  CHECK(taken == std::vector<Step>{{4, 9}});
}

TEST_CASE("two large moves are taken out, the larger one first, and a third stays") {
  const auto [values, taken] = without_steps({0, 1, 11, 12, 32, 33, 34, 44, 45, 46, 47});
  CHECK(taken.size() == 2);
  CHECK(taken.front() == Step{4, 19});
  CHECK(values.back() == 47 - 19 - 9);
}

TEST_CASE("nothing is taken out of an irregular climb") {
  const std::vector<double> values = {0, 1, 4, 4.5, 10, 10.5, 13, 30, 31, 36};
  CHECK(without_steps(values).values == values);
}

TEST_CASE("nothing is taken out where there is no climb") {
  const std::vector<double> values = {5, 5, 5, 5, 9, 9, 9, 9};
  CHECK(without_steps(values).taken.empty());
}

TEST_CASE("a straight line does not bend") {
  const auto [us, values] = twelve([](double u) { return 50 + 3 * u; });
  const auto found = bend(us, values);
  CHECK(std::abs(found.x) < 1e-9);
  CHECK(found.low <= 0);
  CHECK(found.high >= 0);
  CHECK(found.high < 0.2);
  CHECK(found.deviation < 1e-6);
}

TEST_CASE("the bend of something that fills is the window divided by its time constant") {
  for (const double x : {1.0, 2.5, 6.0, 11.0}) {
    CAPTURE(x);
    const auto [us, values] = twelve([x](double u) { return 50 + 30 * (1 - std::exp(-x * u)); });
    const auto found = bend(us, values);
    CHECK(found.x == doctest::Approx(x));
    CHECK(found.low <= x + 1e-9);
    CHECK(found.high >= x - 1e-9);
  }
}

TEST_CASE("what grows faster and faster bends below 0") {
  const auto [us, values] = twelve([](double u) { return 50 + 3 * u * u; });
  CHECK(bend(us, values).high < -1);
}

TEST_CASE("noise makes the interval of the bend wider") {
  Chance chance(3);
  const auto exact = twelve([](double u) { return 50 + 30 * (1 - std::exp(-3 * u)); });
  const auto noisy =
      twelve([&](double u) { return 50 + 30 * (1 - std::exp(-3 * u)) + 0.5 * chance.normal(); });
  const auto narrow = bend(exact.us, exact.values);
  const auto wide = bend(noisy.us, noisy.values);
  CHECK(wide.high - wide.low > narrow.high - narrow.low + 0.5);
  CHECK(wide.deviation > 0.2);
}

TEST_CASE("a last move that is much smaller than the others falls short") {
  CHECK(last_move_falls_short({1, 1.1, 0.9, 1, 0.1}));
  CHECK_FALSE(last_move_falls_short({1, 1.1, 0.9, 1, 0.6}));
}

TEST_CASE("among irregular moves a small last one does not fall short") {
  CHECK_FALSE(last_move_falls_short({0.2, 2, 0.5, 1.5, 0.1}));
}

TEST_CASE("half of the growth comes in moves of at least the grain") {
  CHECK(grain({{0, 0}, {1, 1}, {2, 2}, {3, 3}, {4, 4}}) == 1);
  CHECK(grain({{0, 0}, {1, 1}, {2, 2}, {3, 12}, {4, 13}}) == 10);
  CHECK(grain({{0, 5}, {1, 5}, {2, 4}}) == 0);
}

TEST_CASE("the pause at the end is as long as the growth has stopped") {
  const auto stopped = made_curve(100, 1001, [](double t) { return std::min(t, 0.7); });
  const auto found = pause(stopped);
  CHECK(found.last == doctest::Approx(32.2).epsilon(0.02));
  CHECK(found.longest < 3);
  const auto goes_on = pause(made_curve(100, 1001, [](double t) { return t; }));
  CHECK(goes_on.last < 4);
}

TEST_CASE("a pause that was as long before is found") {
  const auto climb = made_curve(100, 1001, [](double t) { return std::floor(t * 4 + 0.1); });
  CHECK(pause(climb).longest == doctest::Approx(25).epsilon(0.02));
}

TEST_CASE("a curve that does not grow pauses all the time") {
  const auto found = pause(made_curve(100, 101, [](double t) { return 5 - t; }));
  CHECK(found.last == doctest::Approx(100));
  CHECK(found.longest == 0);
}

TEST_CASE("a step is found with its time and its size") {
  const auto readings = made_curve(100, 1001, [](double t) { return t < 0.4 ? 10.0 : 18.0; });
  const auto found = find_steps(readings, 0.0625);
  REQUIRE(found.steps.size() == 1);
  CHECK(found.steps[0].seconds - curve_start == doctest::Approx(40).epsilon(0.01));
  CHECK(found.steps[0].mib == doctest::Approx(8));
  CHECK(found.share == doctest::Approx(1));
}

TEST_CASE("a step with the last reading is not a step yet") {
  auto readings = made_curve(100, 1001, [](double) { return 10.0; });
  readings.back().mib = 18;
  CHECK(find_steps(readings, 0.0625).steps.empty());
}

TEST_CASE("a climb has no steps") {
  CHECK(find_steps(made_curve(100, 1001, [](double t) { return 100 * t; }), 0.0625).steps.empty());
}

TEST_CASE("growth below the least one has no steps") {
  const auto readings = made_curve(100, 1001, [](double t) { return t < 0.4 ? 10.0 : 10.5; });
  CHECK(find_steps(readings, 1).steps.empty());
  CHECK(find_steps(readings, 0.25).steps.size() == 1);
}

TEST_CASE("a step that is as high as the noise before it is not a step") {
  Chance chance(4);
  const auto readings = made_curve(
      100, 1001, [&](double t) { return (t < 0.5 ? 10.0 : 10.5) + std::abs(chance.normal()); });
  CHECK(find_steps(readings, 0.0625).share < 0.8);
}

TEST_CASE("the valleys of a saw are its turning points") {
  const auto found = valleys(made_curve(100, 1001, [](double t) { return saw_tooth(t, 4) + t; }));
  REQUIRE(found.lows.size() == 4);
  CHECK(found.lows[0] == doctest::Approx(0.25).epsilon(0.02));
  CHECK(found.lows[2] == doctest::Approx(0.75).epsilon(0.02));
}

TEST_CASE("a small fall is not a valley") {
  const auto readings = made_curve(100, 1001, [](double t) { return 10 * t + saw_tooth(t, 20); });
  CHECK(valleys(readings).lows.empty());
}
