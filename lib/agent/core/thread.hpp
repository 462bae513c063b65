#pragma once

#include <cstdint>

#include "core/frames.hpp"
#include "core/processor.hpp"
#include "core/short_calls.hpp"
#include "core/stopwatch.hpp"

namespace mprofpp::agent {

class AgentCall;

/// The agent's state of a thread.
struct Thread {
  std::uint32_t generation = 0;  ///< the ring that has its open calls; see Process::generation()
  std::uint32_t recordings = 0;  ///< see Process::recordings()
  std::uint32_t id = 0;          ///< the kernel's, or one of ours; see introduce()
  /// The number of filter entries that there were when levels were last counted.
  std::uint32_t filter_entries = 0;
  std::uint64_t next_call = 0;  ///< the number of the next call, unique among all threads
  std::uint64_t rss = 0;        ///< the last memory reading
  std::uint64_t rss_time = 0;   ///< the time of that reading
  /// Signal handlers must not disturb it.
  const AgentCall* call_in_progress = nullptr;
  std::uint32_t second = 0;  ///< the second in which a call last ended
  std::uint32_t ends = 0;    ///< how many calls ended in that second
  Stopwatch<Processor> stopwatch;
  Frames frames;
  ShortCalls short_calls;
};

Thread& this_thread();

using EndCalls = void();
/// Sets the function that is called in each thread that exits with open calls or a tally. Must be
/// called once, before the program's own constructors.
void call_at_thread_end(EndCalls* end_calls);

/// Must be called before the first introduce(), and not from two threads at once. Calling it again
/// after a fork does no harm.
void prepare_for_threads();

enum class Kernel { may_be_called, not_to_be_called };
/// Gives the running thread its ids, again after a fork, and makes sure that its memory is freed when
/// it exits. If the kernel must not be called, the thread gets an id of ours, which is higher than
/// any of the kernel's.
void introduce(Thread& thread, Kernel kernel);

}  // namespace mprofpp::agent
