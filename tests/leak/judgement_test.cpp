#include "mprofpp/leak/judgement.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <ostream>

#include "leak/made_curves.hpp"

using namespace mprofpp::leak;

namespace mprofpp::leak {

std::ostream& operator<<(std::ostream& out, Verdict verdict) {
  return out << name_of(verdict);
}
std::ostream& operator<<(std::ostream& out, Reason reason) {
  return out << name_of(reason);
}

}  // namespace mprofpp::leak

namespace {

constexpr double hour = 3600;

Judgement judged(const Readings& readings) {
  return judge(readings, readings.size());
}

/// Judges an hour with a sample each second and a half. t is from 0 to 1.
template <class Memory>
Judgement judged_hour(Memory memory) {
  return judged(made_curve(hour, 2400, memory));
}

void check(const Judgement& judgement, Verdict verdict, Reason reason) {
  CHECK(judgement.verdict == verdict);
  CHECK(judgement.reason == reason);
}

/// Checks that it is a leak of that many MiB an hour.
void check_leak(const Judgement& judgement, double mib_per_hour) {
  check(judgement, Verdict::leak, Reason::grows);
  CHECK(judgement.rate.middle == doctest::Approx(mib_per_hour).epsilon(0.05));
  CHECK(judgement.rate.low <= mib_per_hour);
  CHECK(judgement.rate.high >= mib_per_hour);
}

/// 1 for a cache that is full, `x` time constants after its start.
double filled(double t, double x) {
  return 1 - std::exp(-x * t);
}

double in_pages(double mib) {
  return std::floor(mib / page_mib + 0.5) * page_mib;
}

}  // namespace

TEST_CASE("a straight climb is a leak, and its interval is narrow") {
  const auto found = judged_hour([](double t) { return in_pages(100 + 6 * t); });
  check_leak(found, 6);
  CHECK(found.rate.high - found.rate.low < 0.1);
  CHECK(found.steps.empty());
  CHECK(found.more_seconds == 0);
}

TEST_CASE("memory that does not change is steady, with the leak that would not show") {
  const auto found = judged_hour([](double) { return 100.0; });
  check(found, Verdict::steady, Reason::flat);
  CHECK(found.rate.middle == 0);
  // the least growth that counts, within the last 38 % of an hour
  CHECK(found.rate.high == doctest::Approx(0.0625 / 0.38));
}

TEST_CASE("memory that falls is steady") {
  check(judged_hour([](double t) { return 100 - 20 * t; }), Verdict::steady, Reason::flat);
}

TEST_CASE("a climb at the start is not a leak") {
  for (const double end : {0.01, 0.1, 0.3, 0.5}) {
    CAPTURE(end);
    const auto found = judged_hour([end](double t) { return 20 + 200 * std::min(1.0, t / end); });
    CHECK(found.verdict == Verdict::steady);
  }
}

TEST_CASE("a leak after a climb at the start has its own rate") {
  check_leak(judged_hour([](double t) { return 20 + 200 * std::min(1.0, t / 0.08) + 9 * t; }), 9);
}

TEST_CASE("a cache that is full is steady") {
  CHECK(judged_hour([](double t) { return 20 + 80 * filled(t, 10); }).verdict == Verdict::steady);
}

TEST_CASE("a cache that has filled to the end of its curve is steady because it levelled off") {
  const auto found = judged_hour([](double t) { return in_pages(20 + 80 * filled(t, 5)); });
  check(found, Verdict::steady, Reason::levelled_off);
}

TEST_CASE("a cache that is filling is not enough to tell, with the level it would reach") {
  const auto found = judged_hour([](double t) { return 20 + 80 * filled(t, 2); });
  check(found, Verdict::unsure, Reason::slowing);
  REQUIRE(found.level_mib);
  CHECK(*found.level_mib == doctest::Approx(100).epsilon(0.01));
  CHECK(found.more_seconds >= 0.5 * hour);
  CHECK(found.more_seconds <= 4 * hour);
}

TEST_CASE("the saw teeth of a collector are steady") {
  check(judged_hour([](double t) { return 50 + 40 * saw_tooth(t, 37.3); }), Verdict::steady,
        Reason::flat);
}

TEST_CASE("a leak under the saw teeth of a collector has its rate") {
  check_leak(judged_hour([](double t) { return 50 + 12 * t + 40 * saw_tooth(t, 47.3); }), 12);
}

TEST_CASE("a few cycles that rise are not enough to tell") {
  check(judged_hour([](double t) { return 50 + 12 * t + 40 * saw_tooth(t, 4.4); }), Verdict::unsure,
        Reason::few_cycles);
}

TEST_CASE("one step is steady, with its time and its size") {
  const auto found = judged_hour([](double t) { return t < 0.4 ? 50.0 : 58.0; });
  check(found, Verdict::steady, Reason::one_step);
  REQUIRE(found.steps.size() == 1);
  CHECK(found.steps[0].seconds - curve_start == doctest::Approx(0.4 * hour).epsilon(0.01));
  CHECK(found.steps[0].mib == doctest::Approx(8));
}

TEST_CASE("steps that have stopped are steady") {
  const auto found =
      judged_hour([](double t) { return 50 + 5 * std::floor(std::min(t, 0.3) * 10 + 0.3); });
  check(found, Verdict::steady, Reason::steps_stopped);
  CHECK(found.steps.size() == 3);
}

TEST_CASE("a few steps up to the end are not enough to tell") {
  const auto found = judged_hour([](double t) { return 50 + 8 * std::floor(t * 4 + 0.4); });
  check(found, Verdict::unsure, Reason::few_steps);
  CHECK(found.steps.size() == 4);
  CHECK(found.more_seconds > 0.2 * hour);
}

TEST_CASE("many regular steps are a leak") {
  check_leak(judged_hour([](double t) { return 50 + 2 * std::floor(t * 25); }), 50);
}

TEST_CASE("steps that double, as those of a hash table, may go on after a long rest") {
  const auto table = [](double t) {
    double mib = 50;
    if (t >= 0.0625) mib += 1;
    if (t >= 0.125) mib += 2;
    if (t >= 0.25) mib += 4;
    if (t >= 0.5) mib += 8;
    return mib;
  };
  check(judged_hour(table), Verdict::unsure, Reason::few_steps);
}

TEST_CASE("noise is steady") {
  Chance chance(5);
  CHECK(judged_hour([&](double) { return 200 + 3 * chance.normal(); }).verdict == Verdict::steady);
}

TEST_CASE("a leak under noise has its rate") {
  Chance chance(6);
  const auto found = judged_hour([&](double t) { return 200 + 40 * t + 1.5 * chance.normal(); });
  check_leak(found, 40);
}

TEST_CASE("a leak below the noise is steady, with a bound above it") {
  Chance chance(7);
  const auto found = judged_hour([&](double t) { return 200 + 0.3 * t + 5 * chance.normal(); });
  CHECK(found.verdict == Verdict::steady);
  CHECK(found.rate.high > 0.3);
}

TEST_CASE("a climb that has stopped before the end is not enough to tell") {
  const auto found = judged_hour([](double t) { return 50 + 30 * std::min(t, 0.8); });
  check(found, Verdict::unsure, Reason::paused);
  CHECK(found.more_seconds >= 0.1 * hour);
}

TEST_CASE("a climb that stopped just before the end is not enough to tell") {
  check(judged_hour([](double t) { return 50 + 30 * std::min(t, 0.92); }), Verdict::unsure,
        Reason::paused);
}

TEST_CASE("a climb under noise that has stopped before the end is not enough to tell") {
  // the kept curve of noise rises at its end, so it does not look like a pause
  Chance chance(1);
  check(judged_hour([&](double t) { return 200 + 30 * std::min(t, 0.85) + chance.normal(); }),
        Verdict::unsure, Reason::paused);
}

TEST_CASE("a climb that stopped before the last 38 % of the time is steady and flat") {
  for (const double stop : {0.5, 0.6}) {
    CAPTURE(stop);
    check(judged_hour([stop](double t) { return 50 + 30 * std::min(t, stop); }), Verdict::steady,
          Reason::flat);
  }
}

TEST_CASE("a climb that stopped in the last third of the time is not enough to tell") {
  const auto found = judged_hour([](double t) { return 50 + 30 * std::min(t, 0.7); });
  CHECK(found.verdict == Verdict::unsure);
}

TEST_CASE("a climb that began in the last quarter of the time is not enough to tell") {
  const auto found = judged_hour([](double t) { return 50 + 30 * std::max(0.0, t - 0.75); });
  check(found, Verdict::unsure, Reason::began_late);
  CHECK(found.more_seconds == doctest::Approx(0.5 * hour));
}

TEST_CASE("pauses that were there before do not matter") {
  // two minutes of load, two without
  const auto found = judged_hour([](double t) {
    const double cycles = t * 15;
    return 50 + 2 * (std::floor(cycles) + std::min(1.0, 2 * saw_tooth(t, 15)));
  });
  check_leak(found, 30);
}

TEST_CASE("a leak that began in the middle has its own rate") {
  const auto found = judged_hour([](double t) { return 50 + 30 * std::max(0.0, t - 0.45); });
  check_leak(found, 30);
  REQUIRE(found.stretch);
  CHECK(found.stretch->from - curve_start > 0.4 * hour);
}

TEST_CASE("a climb that began just now is not enough to tell") {
  const auto found = judged_hour([](double t) { return 50 + 100 * std::max(0.0, t - 0.86); });
  check(found, Verdict::unsure, Reason::began_late);
  REQUIRE(found.stretch);
  CHECK(found.stretch->from - curve_start == doctest::Approx(0.83 * hour));
}

TEST_CASE("a climb at the end that only gets as high as it was before is steady") {
  const auto found =
      judged_hour([](double t) { return 50 + (t < 0.1 ? 18 : 0) + 100 * std::max(0.0, t - 0.86); });
  check(found, Verdict::steady, Reason::flat);
}

TEST_CASE("a climb at the start and a step are not one step") {
  const auto found =
      judged_hour([](double t) { return 20 + 200 * std::min(1.0, t / 0.3) + (t < 0.6 ? 0 : 50); });
  CHECK(found.verdict == Verdict::steady);
  CHECK(found.reason != Reason::one_step);
}

TEST_CASE("what grows faster and faster is a leak with the rate of the end") {
  const auto found = judged_hour([](double t) { return 50 + 30 * t * t; });
  check(found, Verdict::leak, Reason::grows_faster);
  // its rate is 60 t, and the last window is from 0.6 or later
  CHECK(found.rate.middle > 45);
  CHECK(found.rate.middle < 60);
}

TEST_CASE("the climb of a day is not a leak, and the same climb in a shorter recording is") {
  const auto climb = [](double t) { return 50 + 30 * std::max(0.0, t - 0.65); };
  CHECK(judged(made_curve(20 * hour, 2400, climb)).verdict == Verdict::leak);
  CHECK(judged(made_curve(28 * hour, 2400, climb)).verdict != Verdict::leak);
}

TEST_CASE("the load of each day is steady") {
  const auto load = [](double t) {
    return 50 + 30 * std::sin(2 * std::numbers::pi * (3 * t + 0.7));
  };
  CHECK(judged(made_curve(72 * hour, 4000, load)).verdict == Verdict::steady);
}

TEST_CASE("a leak below the load of each day is found") {
  const auto load = [](double t) {
    return 50 + 50 * t + 3 * std::sin(2 * std::numbers::pi * (5 * t + 0.7));
  };
  check_leak(judged(made_curve(120 * hour, 4000, load)), 50 / 120.0);
}

TEST_CASE("spikes are steady") {
  Chance chance(8);
  check(judged_hour([&](double) { return chance.part() < 0.05 ? 300.0 : 50.0; }), Verdict::steady,
        Reason::flat);
}

TEST_CASE("memory that ends no higher than it was before is steady") {
  const auto found =
      judged_hour([](double t) { return 50 + 30 * std::cos(2 * std::numbers::pi * t); });
  check(found, Verdict::steady, Reason::as_high_before);
}

TEST_CASE("a gap does not change the rate of a leak") {
  auto readings = made_curve(hour, 2400, [](double t) { return 50 + 20 * t; });
  std::erase_if(readings, [](const Reading& reading) {
    const double t = (reading.seconds - curve_start) / hour;
    return t > 0.35 && t < 0.55;
  });
  check_leak(judged(readings), 20);
}

TEST_CASE("what a program gives back when it ends does not hide its leak") {
  check_leak(judged_hour([](double t) { return 50 + (t > 0.985 ? 0 : 20 * t); }), 20);
}

TEST_CASE("a step in the middle of a leak is not in its rate, but is reported") {
  const auto found = judged_hour([](double t) { return 50 + 12 * t + (t < 0.5 ? 0 : 8); });
  check_leak(found, 12);
  REQUIRE(found.steps.size() == 1);
  CHECK(found.steps[0].mib == doctest::Approx(8));
}

TEST_CASE("a step that is most of the growth makes the rate of the time before it worthless") {
  const auto found = judged_hour([](double t) { return 50 + 12 * t + (t < 0.5 ? 0 : 40); });
  check_leak(found, 12);
  CHECK(found.steps.empty());
  CHECK(found.stretch->from - curve_start == doctest::Approx(0.5 * hour));
}

TEST_CASE("growth counts from a sixteenth of a MiB on, or from what is asked for") {
  const auto little = [](double t) { return in_pages(50 + 0.05 * t); };
  CHECK(judged_hour(little).verdict == Verdict::steady);
  const auto readings = made_curve(hour, 2400, [](double t) { return 50 + 5 * t; });
  CHECK(judge(readings, readings.size(), 4).verdict == Verdict::leak);
  const auto found = judge(readings, readings.size(), 8);
  CHECK(found.verdict == Verdict::steady);
  CHECK(found.rate.high >= 8);
}

TEST_CASE("eleven samples are too few") {
  const auto climb = [](double t) { return 50 + 20 * t; };
  const auto found = judged(made_curve(hour, 11, climb));
  check(found, Verdict::unsure, Reason::few_samples);
  CHECK(found.more_seconds == 60);
  CHECK_FALSE(found.stretch);
}

TEST_CASE("the number of samples counts, not that of the readings they were reduced to") {
  const auto readings = made_curve(hour, 24, [](double t) { return 50 + 20 * t; });
  check(judge(readings, 11), Verdict::unsure, Reason::few_samples);
  CHECK(judge(readings, 24).verdict == Verdict::leak);
}

TEST_CASE("twenty samples of a clear leak are enough") {
  check_leak(judged(made_curve(hour, 20, [](double t) { return 50 + 20 * t; })), 20);
}

TEST_CASE("samples of one moment are too few") {
  check(judged(Readings(100, {5, 5})), Verdict::unsure, Reason::few_samples);
  CHECK(judged(Readings(100, {5, 5})).more_seconds == 60);
  check(judged({{5, 5}}), Verdict::unsure, Reason::few_samples);
}

TEST_CASE("the least samples of the 20,000th parts of the time give the same judgement") {
  Chance chance(9);
  const auto all = made_curve(
      hour, 200'000, [&](double t) { return 50 + 20 * t + 10 * saw_tooth(t, 60) + chance.part(); });
  Readings least;
  for (const auto& reading : all) {
    const auto cell = [](const Reading& r) {
      return std::floor((r.seconds - curve_start) / hour * 19200);
    };
    if (least.empty() || cell(least.back()) != cell(reading))
      least.push_back(reading);
    else if (reading.mib < least.back().mib)
      least.back() = reading;
  }
  const auto from_all = judge(all, all.size());
  const auto from_least = judge(least, all.size());
  CHECK(from_least.verdict == from_all.verdict);
  CHECK(from_least.rate.middle == doctest::Approx(from_all.rate.middle).epsilon(0.01));
}

TEST_CASE("a judgement does not depend on when the recording was made") {
  auto readings = made_curve(hour, 2400, [](double t) { return 50 + 20 * t; });
  const auto found = judged(readings);
  for (auto& reading : readings) reading.seconds -= curve_start;
  const auto since_0 = judged(readings);
  CHECK(since_0.verdict == found.verdict);
  CHECK(since_0.rate.middle == doctest::Approx(found.rate.middle).epsilon(1e-6));
}
