#pragma once

#include <cstdint>

#include "core/frames.hpp"
#include "core/process.hpp"
#include "core/thread.hpp"

/// The times of marks, and the memory of this process at those times, without its rings and tables. A memory
/// reading that is younger than 10 µs is used again, unless exact readings were requested. The time
/// that a reading takes must not be part of the call: at the start of a call the memory is read
/// before the time, at its end after the time.
namespace mprofpp::agent {

/// Returns CLOCK_MONOTONIC in nanoseconds.
inline std::uint64_t now(Thread& thread) {
  return thread.stopwatch.now(process().counter_rate());
}

/// Returns the current moment.
Moment moment_of_begin(Thread& thread);
/// Returns a moment of that time, with the memory at that time or a little before it.
Moment moment_of_end(Thread& thread, std::uint64_t time);

/// Reads the memory of this process in bytes; wire::unknown_rss if that is not possible.
std::uint64_t memory_now(Thread& thread);
/// Returns the last reading if it was less than 10 µs old at that time, else a new one.
std::uint64_t recent_memory(Thread& thread, std::uint64_t time);

}  // namespace mprofpp::agent
