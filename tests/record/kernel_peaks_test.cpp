#include "mprofpp/record/metrics/kernel_peaks.hpp"

#include <doctest/doctest.h>

#include "mprofpp/store/lines.hpp"

using namespace mprofpp;
using record::KernelPeaks;
using namespace std::chrono_literals;

namespace {

proc::Member member_with_peak(Bytes peak) {
  proc::Stat stat;
  stat.pid = 7;
  proc::Member member(stat, model::Metric::rss, Instant{});
  member.kernel_peak = peak;
  return member;
}

}  // namespace

TEST_CASE("the first peak is written at once, a higher one only after a second") {
  store::Lines lines;
  KernelPeaks peaks(lines);
  peaks.update(member_with_peak(Bytes(1 << 20)), Instant{10s});
  CHECK(lines.text() == "PEAK 7 1.000000 hwm\n");

  lines.clear();
  peaks.update(member_with_peak(Bytes(2 << 20)), Instant{10500ms});
  CHECK(lines.empty());
  peaks.update(member_with_peak(Bytes(3 << 20)), Instant{11s});
  CHECK(lines.text() == "PEAK 7 3.000000 hwm\n");
}

TEST_CASE("a held-back peak is written when the process exits") {
  store::Lines lines;
  KernelPeaks peaks(lines);
  peaks.update(member_with_peak(Bytes(1 << 20)), Instant{10s});
  peaks.update(member_with_peak(Bytes(2 << 20)), Instant{10100ms});
  lines.clear();
  CHECK(peaks.of(7) == Bytes(2 << 20));
  peaks.finish(7);
  CHECK(lines.text() == "PEAK 7 2.000000 hwm\n");

  lines.clear();
  peaks.finish(7);
  CHECK(lines.empty());
  CHECK(peaks.of(7) == Bytes{});
}

TEST_CASE("a held-back peak is written before the process gets another name, and stays known") {
  store::Lines lines;
  KernelPeaks peaks(lines);
  peaks.update(member_with_peak(Bytes(1 << 20)), Instant{10s});
  peaks.update(member_with_peak(Bytes(2 << 20)), Instant{10100ms});
  lines.clear();
  peaks.flush(7);
  CHECK(lines.text() == "PEAK 7 2.000000 hwm\n");
  CHECK(peaks.of(7) == Bytes(2 << 20));
  peaks.flush(8);
  CHECK(lines.text() == "PEAK 7 2.000000 hwm\n");
}

TEST_CASE("an unchanged peak is written once") {
  store::Lines lines;
  KernelPeaks peaks(lines);
  peaks.update(member_with_peak(Bytes(1 << 20)), Instant{10s});
  lines.clear();
  peaks.update(member_with_peak(Bytes(1 << 20)), Instant{20s});
  CHECK(lines.empty());
}

TEST_CASE("a peak from before a reset counts although the kernel shows a smaller one later") {
  store::Lines lines;
  KernelPeaks peaks(lines);
  peaks.update(7, Bytes(3 << 20), Instant{10s});
  CHECK(lines.text() == "PEAK 7 3.000000 hwm\n");
  lines.clear();
  peaks.update(member_with_peak(Bytes(1 << 20)), Instant{12s});
  CHECK(lines.empty());
  CHECK(peaks.of(7) == Bytes(3 << 20));
  CHECK(peaks.highest() == Bytes(3 << 20));
}
