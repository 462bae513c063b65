#include "mprofpp/analysis/peak_times.hpp"

#include <doctest/doctest.h>

using namespace mprofpp;
using namespace mprofpp::analysis;
using Source = model::KernelPeak::Source;

namespace {

Instant at(double seconds) {
  return instant_from_seconds(1000 + seconds).value();
}

const Instant start = at(0);

model::Process born(double t, std::uint64_t process = 1) {
  model::Process record;
  record.id = {7, process};
  record.t = at(t);
  return record;
}

model::KernelPeak peak(double mib, Source source = Source::hwm) {
  return {7, mib, source, {}};
}

}  // namespace

TEST_CASE("a peak was reached between the start of its process and the last sample") {
  PeakTimes times;
  times.take(born(3));
  times.take(model::Sample{1, at(5)});
  const auto reached = times.reached(peak(10), start);
  CHECK(reached.begin == at(3));
  CHECK(reached.end == at(5));
}

TEST_CASE("a higher peak was reached after the previous one was read") {
  PeakTimes times;
  times.take(born(3));
  times.take(model::Sample{1, at(5)});
  times.reached(peak(10), start);
  times.take(model::Sample{1, at(8)});
  const auto reached = times.reached(peak(11), start);
  CHECK(reached.begin == at(5));
  CHECK(reached.end == at(8));
}

TEST_CASE("a peak that is read again at the end was reached before it was first read") {
  PeakTimes times;
  times.take(born(3));
  times.take(model::Sample{1, at(5)});
  times.reached(peak(10), start);
  times.take(model::Sample{1, at(90)});
  CHECK(times.reached(peak(10, Source::rusage), start).end == at(5));
}

TEST_CASE("the peak of a tree may be from any time") {
  PeakTimes times;
  times.take(born(3));
  times.take(model::Sample{1, at(90)});
  const auto reached = times.reached(peak(10, Source::tree_max), start);
  CHECK(reached.begin == start);
  CHECK(reached.end == at(90));
}

TEST_CASE("an unknown process may have been there since the start") {
  PeakTimes times;
  times.take(model::Sample{1, at(5)});
  CHECK(times.reached(peak(10), start).begin == start);
}

TEST_CASE("another process with the same pid has peaks of its own") {
  PeakTimes times;
  times.take(born(3));
  times.take(model::Sample{1, at(5)});
  times.reached(peak(50), start);
  times.take(born(6, 2));
  times.take(model::Sample{1, at(8)});
  const auto reached = times.reached(peak(10), start);
  CHECK(reached.begin == at(6));
  CHECK(reached.end == at(8));
}
