#include "mprofpp/record/metrics/high_watch.hpp"

#include <doctest/doctest.h>

#include <initializer_list>

using namespace mprofpp;
using record::HighWatch;
using Need = HighWatch::Need;

namespace {

constexpr Bytes mib(std::int64_t count) {
  return Bytes(count << 20);
}

/// Returns a watch of a tree that was read twice at size `total`.
HighWatch settled_at(Bytes total) {
  HighWatch watch;
  for (int round = 0; round < 2; ++round) {
    watch.begin(total);
    CHECK(watch.finish(total));
  }
  CHECK(watch.need(total) == Need::none);
  return watch;
}

}  // namespace

TEST_CASE(
    "a tree that has grown by a tenth is read at once, a slightly larger one when affordable") {
  const auto watch = settled_at(mib(1000));
  CHECK(watch.need(mib(900)) == Need::none);
  CHECK(watch.need(mib(1005)) == Need::none);
  CHECK(watch.need(mib(1050)) == Need::affordable);
  CHECK(watch.need(mib(1101)) == Need::urgent);
}

TEST_CASE("a new high is read twice") {
  HighWatch watch;
  CHECK(watch.need(mib(100)) == Need::urgent);
  watch.begin(mib(100));
  CHECK(watch.finish(mib(100)));
  CHECK(watch.need(mib(100)) == Need::urgent);
  CHECK(watch.need(mib(50)) == Need::none);
}

TEST_CASE("a round at a smaller size does not confirm a high") {
  HighWatch watch;
  watch.begin(mib(100));
  watch.finish(mib(100));
  watch.begin(mib(50));
  watch.finish(mib(50));
  CHECK(watch.need(mib(100)) == Need::urgent);
}

TEST_CASE("a round in which the tree grew or shrank by a tenth is not valid") {
  for (const auto end : {mib(150), mib(50)}) {
    HighWatch watch;
    watch.begin(mib(100));
    CHECK(watch.has_grown_since_start(end) == (end > mib(100)));
    CHECK_FALSE(watch.finish(end));
    CHECK(watch.need(mib(100)) == Need::urgent);
  }
}

TEST_CASE("after three failed rounds a tree is not read again until it has grown") {
  HighWatch watch;
  for (int round = 0; round < 3; ++round) {
    CHECK(watch.need(mib(100)) == Need::urgent);
    watch.begin(mib(100));
    watch.fail();
  }
  CHECK(watch.need(mib(100)) == Need::none);
  CHECK(watch.need(mib(111)) == Need::urgent);
}
