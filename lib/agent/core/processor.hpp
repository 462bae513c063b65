#pragma once

#include <cstdint>

#include "core/freestanding.hpp"

namespace mprofpp::agent {

/// Returns the processor's own counter of time; always 0 on processors where it is not used.
#if defined(__x86_64__)
inline std::uint64_t counter() {
  return __builtin_ia32_rdtsc();
}
#else
inline std::uint64_t counter() {
  return 0;
}
#endif

/// The clock and the counter that a Stopwatch reads.
struct Processor {
  static std::uint64_t clock() { return monotonic_now(); }
  static std::uint64_t count() { return counter(); }

  /// Returns true if the kernel derives its clock from count(). It does not if the counter stops at
  /// times or differs between processors. Makes system calls.
  static bool counts_for_clock();
};

}  // namespace mprofpp::agent
