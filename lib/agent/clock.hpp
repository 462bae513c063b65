#pragma once

#include <time.h>

#include <cstdint>

namespace mprofpp::agent {

/// Nanoseconds of CLOCK_MONOTONIC: no system call, the kernel maps it into every process.
inline std::uint64_t monotonic_now() {
  timespec now;
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 +
         static_cast<std::uint64_t>(now.tv_nsec);
}

}  // namespace mprofpp::agent
