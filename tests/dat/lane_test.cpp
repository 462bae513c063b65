#include "mprofpp/dat/lane.hpp"

#include <doctest/doctest.h>

#include "mprofpp/dat/call_flags.hpp"

using namespace mprofpp;
using Kind = model::LaneId::Kind;

TEST_CASE("a lane is named by its thread, and by its greenlet or task if it has one") {
  CHECK(dat::lane_text({12, Kind::thread, 0}) == "t12");
  CHECK(dat::lane_text({12, Kind::greenlet, 3}) == "t12.g3");
  CHECK(dat::lane_text({12, Kind::task, 4}) == "t12.k4");
  CHECK(dat::lane_text({}).empty());
  for (const auto* text : {"t12", "t12.g3", "t12.k4"}) {
    CHECK(dat::lane_text(dat::to_lane(text)) == text);
  }
}

TEST_CASE("a text that no recorder writes is an unknown lane") {
  for (const auto* text :
       {"", "-", "t", "title", "t1.x2", "t1.", "t1.g", "12", "t-1", "t99999999999"}) {
    CAPTURE(text);
    CHECK(dat::to_lane(text) == model::LaneId{});
  }
}

TEST_CASE("flags are a list with commas, and those of a later version are skipped") {
  const model::CallFlags flags{
      .open = true, .reused = true, .active_seconds = 0.5, .grown_mib = -2};
  CHECK(dat::flags_text(flags) == "open,reused,active=0.500000,grown=-2.000000");
  CHECK(dat::to_flags("open,new=1,reused,active=0.5,grown=-2") == flags);
  CHECK(dat::to_flags("-") == model::CallFlags{});
  CHECK(dat::to_flags("opened,active=x,grown=nan,raised=1") == model::CallFlags{});
}
