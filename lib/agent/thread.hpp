#pragma once

#include <cstdint>

#include "frames.hpp"
#include "processor.hpp"
#include "short_calls.hpp"
#include "stopwatch.hpp"

namespace mprofpp::agent {

class Visit;

/// What the agent knows of the running thread.
struct Thread {
  std::uint32_t generation = 0;  ///< of the ring that knows of it; see Process
  std::uint32_t id = 0;          ///< the kernel's
  std::uint32_t answers = 0;     ///< so many had been given when its levels were counted
  std::uint64_t next_call = 0;   ///< numbers of calls, unlike those of all other threads
  std::uint64_t rss = 0;         ///< the last reading
  std::uint64_t rss_time = 0;    ///< and when it was
  const Visit* visit = nullptr;  ///< that is going on: a signal handler's marks must not interfere
  std::uint32_t second = 0;      ///< of the last end of a call
  std::uint32_t ends = 0;        ///< in that second
  Stopwatch<Processor> stopwatch;
  Frames frames;
  ShortCalls short_calls;
};

Thread& this_thread();

/// Before the first introduce(); again after a fork does no harm. Not from two threads at once.
void prepare_for_threads();
/// Gives the running thread its numbers, again after a fork, and sees to it that its memory is
/// freed at its end. Where the kernel is not to be called the thread's id is one of ours, above all
/// of the kernel's.
enum class Kernel { may_be_called, not_to_be_called };
void introduce(Thread& thread, Kernel kernel);

}  // namespace mprofpp::agent
