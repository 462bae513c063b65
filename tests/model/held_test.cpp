#include <doctest/doctest.h>

#include "mprofpp/model/record.hpp"

using namespace mprofpp;
using model::Held;

namespace {

Instant at(double seconds) {
  return instant_from_seconds(1000 + seconds).value();
}

/// Five readings: at 1, 2, 3, 4 and 5 seconds.
const Held five{7, 12.5, at(1), at(5), 5, {}};

}  // namespace

TEST_CASE("a window takes the readings from end to end") {
  const auto part = five.within(at(1.5), at(4)).value();
  CHECK(part.first == at(2));
  CHECK(part.last == at(4));
  CHECK(part.ticks == 3);
  CHECK(part.pid == 7);
  CHECK(part.mib == 12.5);
}

TEST_CASE("a window around all readings leaves them as they are") {
  CHECK(five.within(Instant::min(), Instant::max()) == five);
  CHECK(five.within(at(1), at(5)) == five);
}

TEST_CASE("a window between two readings has none of them") {
  CHECK_FALSE(five.within(at(2.1), at(2.9)));
  CHECK_FALSE(five.within(at(0), at(0.9)));
  CHECK_FALSE(five.within(at(5.1), at(9)));
}

TEST_CASE("a window with a single reading has its time") {
  const auto part = five.within(at(2.9), at(3.1)).value();
  CHECK(part.first == at(3));
  CHECK(part.last == at(3));
  CHECK(part.ticks == 1);
}

TEST_CASE("readings at one moment are in a window or not") {
  const Held twice{0, 1, at(3), at(3), 2, {}};
  CHECK(twice.within(at(3), at(4)) == twice);
  CHECK_FALSE(twice.within(at(4), at(5)));
}
