#include "mprofpp/chart/detail/tracks.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "mprofpp/dat/lane.hpp"
#include "support/made_up.hpp"

using namespace mprofpp;
using namespace mprofpp::chart;
using analysis::Lane;

namespace {

struct CallSpec {
  std::string lane;
  double from;
  double to;
  int level = 0;
};

analysis::Spans spans_of(const std::vector<CallSpec>& calls, pid_t pid = 9) {
  using analysis::Grid;
  analysis::SpanFold fold(
      {test::after(0), test::after(0), test::after(100), 10'000, Grid::Outside::widen}, 60'000);
  for (const auto& spec : calls) {
    auto made = test::call("f", spec.from, spec.to, spec.level);
    made.pid = pid;
    made.lane = dat::to_lane(spec.lane);
    fold.add(made);
  }
  return fold.finish(100);
}

/// The start times of the calls on each track of the only group.
using Begins = std::vector<std::vector<double>>;
Begins begins_of(const analysis::Spans& spans) {
  const auto groups = share_tracks(spans);
  REQUIRE(groups.size() == 1);
  Begins begins;
  for (const auto& track : groups[0].tracks) {
    begins.emplace_back();
    for (const auto index : track) begins.back().push_back(spans.spans[index].begin);
  }
  return begins;
}

}  // namespace

TEST_CASE("the first thread of a process has the number of the process") {
  using Kind = model::LaneId::Kind;
  const auto lane = [](model::LaneId id) { return analysis::Lane{.pid = 9, .id = id}; };
  CHECK(kind_of(lane({9, Kind::thread, 0})) == LaneKind::main_thread);
  CHECK(kind_of(lane({12, Kind::thread, 0})) == LaneKind::thread);
  CHECK(number_of(lane({12, Kind::thread, 0})) == 12);
  CHECK(kind_of(lane({9, Kind::greenlet, 3})) == LaneKind::greenlet);
  CHECK(kind_of(lane({9, Kind::task, 4})) == LaneKind::task);
  CHECK(number_of(lane({9, Kind::task, 4})) == 4);
  CHECK(kind_of(lane({})) == LaneKind::unknown);
}

TEST_CASE("threads that follow one another share a track, and those that overlap do not") {
  CHECK(begins_of(spans_of({{"t1", 0, 4}, {"t2", 2, 6}, {"t3", 5, 8}, {"t4", 7, 9}})) ==
        Begins{{0, 5}, {2, 7}});
}

TEST_CASE("a thread that waits between its calls keeps its track") {
  CHECK(begins_of(spans_of({{"t1", 0, 1}, {"t2", 2, 3}, {"t3", 4, 5}, {"t1", 8, 9}})) ==
        Begins{{0, 8}, {2, 4}});
}

TEST_CASE("a call that seems to start just before its neighbour ends follows it") {
  CHECK(begins_of(spans_of({{"t1", 0, 1.00005}, {"t2", 1, 2}})).size() == 1);
}

TEST_CASE("the calls that a call makes are on its track") {
  const auto spans = spans_of({{"t1.k1", 0, 4},
                               {"t1.k1", 1, 2, 1},
                               {"t1.k1", 2, 4, 1},
                               {"t1.k2", 3, 6},
                               {"t1.k2", 3, 5, 1},
                               {"t1.k3", 5, 7},
                               {"t1.k3", 6, 7, 1}});
  const auto begins = begins_of(spans);
  CHECK(begins == Begins{{0, 1, 2, 5, 6}, {3, 3}});
}

TEST_CASE("the numbers of tasks are reused, so calls of one may be on several tracks") {
  CHECK(begins_of(
            spans_of({{"t1.k1", 0, 4}, {"t1.k2", 2, 8}, {"t1.k3", 5, 9}, {"t1.k1", 8.5, 9.5}})) ==
        Begins{{0, 5}, {2, 8.5}});
}

TEST_CASE("a task continues on the track of its last call if there is room") {
  CHECK(
      begins_of(spans_of({{"t1.k1", 0, 4}, {"t1.k2", 2, 3}, {"t1.k3", 3, 3.5}, {"t1.k2", 5, 6}})) ==
      Begins{{0}, {2, 3, 5}});
}

TEST_CASE("if nothing can be shared, every lane has a group of its own") {
  const auto groups =
      share_tracks(spans_of({{"t9", 0, 1}, {"t1", 2, 8}, {"t2", 3, 9}, {"", 1, 2}}));
  CHECK(groups.size() == 4);
  for (const auto& group : groups) {
    CHECK(group.lanes.size() == 1);
    CHECK(group.tracks.size() == 1);
  }
}

TEST_CASE("the main thread, unnamed lanes and lanes of other kinds share no track") {
  const auto groups = share_tracks(
      spans_of({{"t9", 0, 1}, {"t1", 2, 3}, {"t2", 4, 5}, {"t1.k1", 6, 7}, {"", 8, 9}}));
  CHECK(groups.size() == 4);
  const auto pairs = std::count_if(groups.begin(), groups.end(),
                                   [](const auto& group) { return group.lanes.size() == 2; });
  CHECK(pairs == 1);
}

TEST_CASE("sixty thousand threads at once get as many tracks in no time") {
  std::vector<CallSpec> calls;
  for (int i = 0; i < 60'000; ++i) calls.push_back({"t" + std::to_string(100 + i), i * 1e-4, 50});
  CHECK(share_tracks(spans_of(calls)).size() == 60'000);
}
