#pragma once

#include <atomic>
#include <cstdint>

#include "mprofpp/wire/writer.hpp"
#include "resident.hpp"
#include "stopwatch.hpp"

/// The agent lives inside other people's programs. It links nothing but libc and needs nothing of
/// the C++ runtime, allocates from the kernel only, keeps errno, starts no thread, installs no
/// signal handler, and does nothing at all before the first mark.
namespace mprofpp::agent {

/// What this process has to do with a recording. There is one, since there is one process.
class Process {
 public:
  constexpr Process() = default;

  /// Called once, before the program's own constructors.
  void load();

  /// Whether a mark can be handed to a recorder. The first call makes the ring; after a fork the
  /// child gets one of its own.
  bool is_listening() {
    if (is_open_.load(std::memory_order_acquire) && is_same_process()) return true;
    return is_recorded() && begin_listening();
  }

  /// Whether a recorder has prepared for this process; it may be gone.
  bool is_recorded() const { return is_recorded_.load(std::memory_order_relaxed); }

  wire::Writer& writer() { return writer_; }
  /// Of this process; only while is_listening().
  Resident& resident() { return resident_; }
  CounterRate& counter_rate() { return counter_rate_; }
  /// Counts rings: what was told the recorder under another number must be told again.
  std::uint32_t generation() const { return generation_.load(std::memory_order_relaxed); }
  /// Whether no reading may be used twice (`run --exact`).
  bool is_exact() const { return is_exact_; }
  /// Calls of this many nanoseconds are told one by one, shorter ones of busy functions need not
  /// be; 0: all are.
  std::uint64_t shortest_told() const { return shortest_told_; }
  /// Whether only some functions are wanted: which, the recorder says when it has named them.
  bool is_selective() const { return is_selective_; }
  /// Whether system calls are to be avoided: the program has sandboxed itself or is about to.
  bool is_quiet() const { return is_quiet_.load(std::memory_order_relaxed); }

  /// Prepares for a sandbox: what needs a system call is done now or never.
  void enter_sandbox();
  /// The calling thread will never end what it has begun to make: a signal handler has jumped out.
  void abandon();
  /// No mark any more: even to read the clock would be the program's death.
  void fall_silent();
  /// Another program is about to take this process's place, or could not after all.
  void tell(wire::State state);

 private:
  /// A page that is all zeros in a forked child, however it was forked.
  struct WipedOnFork {
    std::atomic<bool> is_alive;
    std::atomic<const void*> beginner;  ///< the thread that makes the ring
    std::atomic<const void*> hopeless;  ///< a beginner that did not come to an end
  };

  /// Only if there is a page.
  bool is_same_process() const {
    return page_.load(std::memory_order_relaxed)->is_alive.load(std::memory_order_relaxed);
  }
  bool begin_listening();
  WipedOnFork* page();
  bool wait_for(const void* beginner);
  bool make_ring();

  wire::Writer writer_;
  Resident resident_;
  CounterRate counter_rate_;
  std::atomic<WipedOnFork*> page_ = nullptr;  ///< made at the first mark
  std::atomic<bool> is_open_ = false;         ///< there is a ring, and so there is a page
  std::atomic<bool> is_quiet_ = false;
  std::atomic<std::uint32_t> generation_ = 0;
  std::uint64_t next_try_ = 0;
  std::atomic<bool> is_recorded_ = false;
  std::uint64_t shortest_told_ = 0;
  bool is_exact_ = false;
  bool is_selective_ = false;
};

Process& process();

}  // namespace mprofpp::agent
