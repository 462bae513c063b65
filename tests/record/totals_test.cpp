#include "mprofpp/record/metrics/totals.hpp"

#include <doctest/doctest.h>

using namespace mprofpp;
using record::Totals;
using namespace std::chrono_literals;

TEST_CASE(
    "totals give the first highest value as the peak, the mean of all values, and the last value") {
  Totals totals;
  totals.add(Bytes(10 << 20), Instant{1s}, 1s);
  totals.add(Bytes(30 << 20), Instant{2s}, 1s);
  totals.add(Bytes(30 << 20), Instant{3s}, 1s);
  totals.add(Bytes(10 << 20), Instant{4s}, 1s);
  CHECK(totals.samples() == 4);
  CHECK(totals.peak() == Bytes(30 << 20));
  CHECK(totals.peak_at() == Instant{2s});
  CHECK(totals.mean() == Bytes(20 << 20));
  CHECK(totals.last() == Bytes(10 << 20));
}

TEST_CASE("a sample that covers a longer time has more weight in the mean") {
  Totals totals;
  totals.add(Bytes(10 << 20), Instant{1s}, 1s);
  totals.add(Bytes(20 << 20), Instant{2s}, 9s);
  CHECK(totals.mean() == Bytes(19 << 20));
}

TEST_CASE("without a sample all totals are zero") {
  const Totals totals;
  CHECK(totals.samples() == 0);
  CHECK(totals.peak() == Bytes{});
  CHECK(totals.mean() == Bytes{});
}
