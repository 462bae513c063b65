#pragma once

#include <cstdint>

#include "moment.hpp"
#include "process.hpp"
#include "thread.hpp"

/// When marks are made, and this process's memory then, without its rings. Readings younger than
/// 10 µs are used again, unless they are to be exact. What a reading takes is to be outside the
/// call: of a begin it is done before the time is taken, of an end after.
namespace mprofpp::agent {

/// Nanoseconds of CLOCK_MONOTONIC.
inline std::uint64_t now(Thread& thread) {
  return thread.stopwatch.now(process().counter_rate());
}

/// Now.
Moment moment_of_begin(Thread& thread);
/// At that time, or a little before it.
Moment moment_of_end(Thread& thread, std::uint64_t time);

}  // namespace mprofpp::agent
