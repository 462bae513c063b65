#pragma once

#include <cstdint>

namespace mprofpp::agent {

/// When a mark was made, and the memory then.
struct Moment {
  std::uint64_t time;  ///< nanoseconds of CLOCK_MONOTONIC
  std::uint64_t rss;   ///< as in wire::Event
  std::uint8_t flags;  ///< wire::reused or 0
};

}  // namespace mprofpp::agent
