#include "mprofpp/record/kernel_peaks.hpp"

#include <doctest/doctest.h>

using namespace mprofpp;
using record::KernelPeaks;
using namespace std::chrono_literals;

namespace {

proc::Member member_with_peak(Bytes peak) {
  proc::Stat stat;
  stat.pid = 7;
  proc::Member member(stat, proc::Metric::rss, Instant{});
  member.kernel_peak = peak;
  return member;
}

}  // namespace

TEST_CASE("a peak is written at once, a higher one not before a second has passed") {
  KernelPeaks peaks;
  store::Block block;
  peaks.update(member_with_peak(Bytes(1 << 20)), Instant{10s}, block);
  CHECK(block.text() == "PEAK 7 1.000000 hwm\n");

  block.clear();
  peaks.update(member_with_peak(Bytes(2 << 20)), Instant{10500ms}, block);
  CHECK(block.empty());
  peaks.update(member_with_peak(Bytes(3 << 20)), Instant{11s}, block);
  CHECK(block.text() == "PEAK 7 3.000000 hwm\n");
}

TEST_CASE("what was held back is written when the process ends") {
  KernelPeaks peaks;
  store::Block block;
  peaks.update(member_with_peak(Bytes(1 << 20)), Instant{10s}, block);
  peaks.update(member_with_peak(Bytes(2 << 20)), Instant{10100ms}, block);
  block.clear();
  CHECK(peaks.of(7) == Bytes(2 << 20));
  peaks.finish(7, block);
  CHECK(block.text() == "PEAK 7 2.000000 hwm\n");

  block.clear();
  peaks.finish(7, block);
  CHECK(block.empty());
  CHECK(peaks.of(7) == Bytes{});
}

TEST_CASE("a peak that stays where it is is written once") {
  KernelPeaks peaks;
  store::Block block;
  peaks.update(member_with_peak(Bytes(1 << 20)), Instant{10s}, block);
  block.clear();
  peaks.update(member_with_peak(Bytes(1 << 20)), Instant{20s}, block);
  CHECK(block.empty());
}
