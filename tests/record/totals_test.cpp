#include "mprofpp/record/totals.hpp"

#include <doctest/doctest.h>

using namespace mprofpp;
using record::Totals;
using namespace std::chrono_literals;

TEST_CASE("the peak is the first of the highest values, the mean that of all, the last the last") {
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

TEST_CASE("a sample that stands for a longer time weighs more in the mean") {
  Totals totals;
  totals.add(Bytes(10 << 20), Instant{1s}, 1s);
  totals.add(Bytes(20 << 20), Instant{2s}, 9s);
  CHECK(totals.mean() == Bytes(19 << 20));
}

TEST_CASE("without a sample everything is zero") {
  const Totals totals;
  CHECK(totals.samples() == 0);
  CHECK(totals.peak() == Bytes{});
  CHECK(totals.mean() == Bytes{});
}
