#include "mprofpp/base/instant.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "mprofpp/base/bytes.hpp"

using namespace mprofpp;
using namespace std::chrono_literals;

TEST_CASE("seconds become a point in time and come back") {
  const auto t = instant_from_seconds(1763637915.25);
  REQUIRE(t.has_value());
  CHECK(t->time_since_epoch() == 1763637915s + 250ms);
  CHECK(std::abs(to_seconds(*t) - 1763637915.25) < 1e-6);
}

TEST_CASE("seconds that are not a point in time give nothing") {
  for (const double seconds : {std::numeric_limits<double>::quiet_NaN(), 1e10, -1e10,
                               std::numeric_limits<double>::infinity(), 1e300}) {
    CHECK_FALSE(instant_from_seconds(seconds).has_value());
    CHECK_FALSE(duration_from_seconds(seconds).has_value());
  }
}

TEST_CASE("KiB and MiB become bytes") {
  CHECK(Bytes::from_kibibytes(3).count() == 3072);
  CHECK(Bytes::from_mebibytes(1.5).count() == 1572864);
  CHECK(Bytes::from_mebibytes(-1.5).count() == -1572864);
  CHECK(Bytes(1572864).mebibytes() == 1.5);
  CHECK(Bytes(1) + Bytes(2) - Bytes(4) == Bytes(-1));
}

TEST_CASE("the time between any two instants that are read fits in a duration") {
  CHECK_FALSE(instant_from_seconds(9e9).has_value());
  CHECK_FALSE(instant_from_seconds(-9e9).has_value());
  const auto first = instant_from_seconds(-4.6e9).value();
  const auto last = instant_from_seconds(4.6e9).value();
  CHECK(to_seconds(last - first) == doctest::Approx(9.2e9));
}
