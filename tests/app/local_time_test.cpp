#include "console/local_time.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <ctime>

using namespace mprofpp;
using namespace mprofpp::app;

namespace {

/// Sets the time zone of this process.
class Zone {
 public:
  explicit Zone(const char* zone) {
    ::setenv("TZ", zone, 1);
    ::tzset();
  }
  ~Zone() {
    ::unsetenv("TZ");
    ::tzset();
  }
};

}  // namespace

TEST_CASE("local time is ahead of UTC in the east and behind it in the west") {
  {
    const Zone east("XYZ-2");
    CHECK(local_ahead_of_utc(Instant{}) == std::chrono::hours(2));
  }
  const Zone west("ABC+5:30");
  CHECK(local_ahead_of_utc(Instant{}) == -std::chrono::minutes(330));
}

TEST_CASE("the local time zone has a name") {
  const Zone zone("XYZ-2");
  CHECK(local_time_name(Instant{}) == "XYZ");
}
