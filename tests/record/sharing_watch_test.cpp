#include "mprofpp/record/metrics/sharing_watch.hpp"

#include <doctest/doctest.h>

using namespace mprofpp;
using record::SharingWatch;
using namespace std::chrono_literals;

namespace {

constexpr Bytes mib(std::int64_t count) {
  return Bytes(count << 20);
}

}  // namespace

TEST_CASE("PSS is known if it was read within a tenth of the highest sample") {
  SharingWatch watch;
  watch.add_sample(mib(100), 2);
  watch.add_pss(mib(60), mib(100), 1s);
  REQUIRE(watch.near_peak().has_value());
  CHECK(watch.near_peak()->pss == mib(60));
  watch.add_sample(mib(105), 2);
  CHECK(watch.near_peak().has_value());
  watch.add_sample(mib(200), 2);
  CHECK_FALSE(watch.near_peak().has_value());
}

TEST_CASE(
    "the later of two readings at the same height replaces the first, one far below does not") {
  SharingWatch watch;
  watch.add_sample(mib(100), 3);
  watch.add_pss(mib(90), mib(100), 1s);
  watch.add_pss(mib(60), mib(100), 2s);
  watch.add_pss(mib(10), mib(50), 3s);
  CHECK(watch.near_peak()->pss == mib(60));
  CHECK(watch.near_peak()->at == 2s);
}

TEST_CASE("a peak is shared if the highest sample was the sum of several processes") {
  SharingWatch watch;
  CHECK_FALSE(watch.is_peak_shared());
  watch.add_sample(mib(5), 2);
  CHECK(watch.is_peak_shared());
  watch.add_sample(mib(200), 1);
  CHECK_FALSE(watch.is_peak_shared());
  watch.add_sample(mib(100), 9);
  CHECK_FALSE(watch.is_peak_shared());
}
