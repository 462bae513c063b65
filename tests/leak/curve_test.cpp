#include "mprofpp/leak/curve.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>

#include "leak/made_curves.hpp"

using namespace mprofpp;
using namespace mprofpp::leak;

namespace {

Instant at(double seconds) {
  return instant_from_seconds(curve_start + seconds).value();
}

Curve saw_of(std::size_t count, std::size_t limit) {
  Curve curve(limit);
  for (std::size_t i = 0; i < count; ++i) {
    curve.add(at(static_cast<double>(i)), 100.0 + static_cast<double>(i % 10));
  }
  return curve;
}

}  // namespace

TEST_CASE("a short curve keeps every reading") {
  const auto curve = saw_of(1000, 1000);
  CHECK(curve.readings().size() == 1000);
  CHECK(curve.readings()[7] == Reading{curve_start + 7, 107});
  CHECK(curve.count() == 1000);
  CHECK(curve.length() == std::chrono::seconds(999));
  CHECK(curve.last_mib() == 109);
}

TEST_CASE("a long curve stays within its limit and keeps the least readings at their own times") {
  const auto curve = saw_of(100'000, 1000);
  CHECK(curve.count() == 100'000);
  CHECK(curve.readings().size() <= 1000);
  CHECK(curve.readings().size() >= 500);
  for (const auto& reading : curve.readings()) {
    CHECK(reading.mib == 100);
    CHECK(std::fmod(reading.seconds - curve_start, 10) == 0);
  }
  CHECK(curve.first() == at(0));
  CHECK(curve.last() == at(99'999));
}

TEST_CASE("a single low reading of a long curve is not lost, wherever it is") {
  for (int low = 0; low < 1000; ++low) {
    CAPTURE(low);
    Curve curve(100);
    for (int i = 0; i < 1000; ++i) curve.add(at(i), i == low ? 5 : 100 + i % 3);
    const auto& readings = curve.readings();
    CHECK(std::find(readings.begin(), readings.end(), Reading{curve_start + low, 5}) !=
          readings.end());
  }
}

TEST_CASE("the readings of a long curve ascend in time") {
  const auto curve = saw_of(54'321, 300);
  const auto& readings = curve.readings();
  const auto later = [](const Reading& left, const Reading& right) {
    return left.seconds >= right.seconds;
  };
  CHECK(std::adjacent_find(readings.begin(), readings.end(), later) == readings.end());
}

TEST_CASE("a reading that is earlier than the one before is left out and counted") {
  Curve curve;
  curve.add(at(10), 5);
  curve.add(at(9), 1);
  curve.add(at(10), 6);
  CHECK(curve.count() == 2);
  CHECK(curve.out_of_order() == 1);
  CHECK(curve.readings() == Readings{{curve_start + 10, 5}, {curve_start + 10, 6}});
}

TEST_CASE("values that are not finite are left out") {
  Curve curve;
  curve.add(at(1), std::nan(""));
  curve.add(at(2), std::numeric_limits<double>::infinity());
  CHECK(curve.empty());
  curve.add(at(3), 4);
  CHECK(curve.count() == 1);
}

TEST_CASE("readings that are added evenly are those that were added one by one") {
  Curve evenly;
  Curve singly;
  evenly.add_evenly(at(1), at(5), 5, 12);
  for (int i = 1; i <= 5; ++i) singly.add(at(i), 12);
  CHECK(evenly.readings() == singly.readings());
  CHECK(evenly.count() == 5);
}

TEST_CASE("a million readings that are added evenly count but take no more room than the limit") {
  Curve curve(1000);
  curve.add_evenly(at(0), at(1e6), 1'000'000, 12);
  CHECK(curve.count() == 1'000'000);
  CHECK(curve.readings().size() <= 1000);
  CHECK(curve.last() == at(1e6));
}

TEST_CASE("a lower limit thins the readings that are there and the ones that follow") {
  auto curve = saw_of(1000, 1000);
  curve.limit_to(100);
  CHECK(curve.readings().size() <= 100);
  for (int i = 1000; i < 5000; ++i) curve.add(at(i), 100);
  CHECK(curve.readings().size() <= 100);
  CHECK(curve.count() == 5000);
}

TEST_CASE("a limit is never raised") {
  auto curve = saw_of(10, 100);
  curve.limit_to(1000);
  for (int i = 10; i < 1000; ++i) curve.add(at(i), 100);
  CHECK(curve.readings().size() <= 100);
}

TEST_CASE("a curve without its readings still knows how long it was") {
  auto curve = saw_of(50, 100);
  curve.forget_readings();
  CHECK(curve.readings().empty());
  CHECK_FALSE(curve.empty());
  CHECK(curve.count() == 50);
  CHECK(curve.length() == std::chrono::seconds(49));
}

TEST_CASE("many readings at one time take no more room than the limit") {
  Curve curve(100);
  for (int i = 0; i < 10'000; ++i) curve.add(at(1), 1000 - i % 50);
  CHECK(curve.readings().size() <= 101);
  CHECK(curve.count() == 10'000);
}
