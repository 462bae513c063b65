#pragma once

#include <cstdint>

#include "clock.hpp"

namespace mprofpp::agent {

#if defined(__x86_64__)
inline std::uint64_t counter() {
  return __builtin_ia32_rdtsc();
}
#else
inline std::uint64_t counter() {
  return 0;
}
#endif

/// What a Stopwatch reads.
struct Processor {
  static std::uint64_t clock() { return monotonic_now(); }
  static std::uint64_t count() { return counter(); }

  /// Whether the kernel derives its clock from count(): it does not if the counter stands still at
  /// times, or differs between processors. With system calls.
  static bool counts_for_clock();
};

}  // namespace mprofpp::agent
