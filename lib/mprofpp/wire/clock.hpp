#pragma once

#include <time.h>

#include <cstdint>

namespace mprofpp::wire {

/// Returns CLOCK_MONOTONIC in nanoseconds, the clock of all times in the rings. It makes no system
/// call, because the kernel maps the clock into every process.
inline std::uint64_t monotonic_now() {
  timespec now;
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 +
         static_cast<std::uint64_t>(now.tv_nsec);
}

}  // namespace mprofpp::wire
