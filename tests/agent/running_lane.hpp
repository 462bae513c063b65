#pragma once

#include <cstdint>

namespace mprofpp::test {

/// Says which greenlet and which asyncio task are running, in place of an interpreter.
struct RunningLane {
  std::uint64_t greenlet = 0;
  std::uint64_t task = 0;
};

RunningLane& running_lane();

}  // namespace mprofpp::test
