#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "core/line_file.hpp"
#include "core/resident.hpp"
#include "core/stopwatch.hpp"
#include "mprofpp/wire/writer.hpp"

/// The agent runs inside other people's programs. It links against libc only and needs nothing from
/// the C++ runtime, takes its memory from the kernel (what it stores for Python code from malloc),
/// preserves errno, starts no thread and installs no signal handler. Before the first mark it
/// reports nothing but the exit of the process.
namespace mprofpp::agent {

/// The part that this process plays in a recording. The only instance is process().
class Process {
 public:
  constexpr Process() = default;

  /// Must be called once, before the program's own constructors.
  void load();
  /// Starts to make marks for a recorder that has attached to this process, which environment() describes.
  void begin_recording();
  /// Ends that: unmaps the rings and closes all descriptors. Requires that no other thread makes marks.
  void end_recording();

  /// Returns true if marks can be handed to a recorder. The first call creates the ring; after a
  /// fork the child creates one of its own.
  bool is_listening() {
    if (is_open_.load(std::memory_order_acquire) && is_same_process()) return true;
    return is_recorded() && begin_listening();
  }

  /// Returns true if a recorder has prepared for this process. It may be gone by now.
  bool is_recorded() const { return is_recorded_.load(std::memory_order_relaxed); }

  /// Returns how many bytes of this process's memory are the agent's rings and tables.
  std::size_t memory_of_agent();
  /// Returns the largest VmHWM, in bytes, that was read before the kernel was made to forget it; 0 if it
  /// never was.
  std::uint64_t highest_before_resets();
  wire::Writer& writer() { return writer_; }
  /// Returns the file of line tables, which is created when it is first needed; requires
  /// is_listening().
  LineFile& lines() { return lines_; }
  /// Creates the file of line tables if there is none. Returns false if that is not possible.
  bool open_lines();
  /// Reads this process's memory; requires is_listening().
  Resident& resident() { return resident_; }
  CounterRate& counter_rate() { return counter_rate_; }
  /// Returns the number of the current ring. What was reported under another number must be
  /// reported again.
  std::uint32_t generation() const { return generation_.load(std::memory_order_relaxed); }
  /// Returns the number of recordings that have ended: what is left of earlier ones must be forgotten.
  std::uint32_t recordings() const { return recordings_.load(std::memory_order_relaxed); }
  /// Returns true if no memory reading may be used twice (`run --exact`).
  bool is_exact() const { return is_exact_; }
  /// Returns the length in nanoseconds from which calls are reported one by one; shorter calls of
  /// busy functions may be summed. Returns 0 if all calls are reported one by one.
  std::uint64_t shortest_reported() const { return shortest_reported_; }
  /// Returns true if the user wants only some functions. The recorder decides which, once it knows
  /// their names.
  bool is_selective() const { return is_selective_; }
  /// Returns true if system calls must be avoided, because the program has sandboxed itself or is
  /// about to.
  bool is_quiet() const { return is_quiet_.load(std::memory_order_relaxed); }

  /// Prepares for a sandbox: does now what needs a system call and could not be done later.
  void enter_sandbox();
  /// Must be called when a signal handler has jumped out of an AgentCall: the calling thread will
  /// never finish what it was creating.
  void abandon();
  /// Ends all marks, because even reading the clock would now kill the program.
  void fall_silent();
  /// Reports that another program is about to replace the one in this process, or that this failed.
  void set_state(wire::State state);
  /// Leaves one of the notes of wire/names.hpp for the recorder. Has no effect if there is none, or if
  /// system calls must be avoided.
  void leave_note(const char* name) const;

 private:
  /// A page that is all zeros in a forked child, whichever system call forked it.
  struct WipedOnFork {
    std::atomic<bool> is_alive;
    std::atomic<const void*> beginner;  ///< the thread that creates the ring
    std::atomic<const void*> hopeless;  ///< a beginner that others have waited for in vain
  };

  /// Requires that there is a page.
  bool is_same_process() const {
    return page_.load(std::memory_order_relaxed)->is_alive.load(std::memory_order_relaxed);
  }
  bool begin_listening();
  WipedOnFork* page();
  bool wait_for(const void* beginner);
  bool make_ring();
  void note_missing_ring(int error) const;

  wire::Writer writer_;
  LineFile lines_;
  Resident resident_;
  CounterRate counter_rate_;
  std::atomic<WipedOnFork*> page_ = nullptr;  ///< created at the first mark
  std::atomic<bool> is_open_ = false;         ///< there is a ring, and therefore a page
  std::atomic<bool> is_quiet_ = false;
  std::atomic<std::uint32_t> generation_ = 0;
  std::atomic<std::uint32_t> recordings_ = 0;
  std::uint64_t next_try_ = 0;
  std::atomic<bool> is_recorded_ = false;
  std::uint64_t shortest_reported_ = 0;
  bool is_exact_ = false;
  bool is_selective_ = false;
};

Process& process();

}  // namespace mprofpp::agent
