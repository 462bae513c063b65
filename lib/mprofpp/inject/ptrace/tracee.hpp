#pragma once

#include <linux/filter.h>
#include <sys/types.h>
#include <sys/user.h>

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <vector>

#include "mprofpp/base/instant.hpp"
#include "mprofpp/base/result.hpp"
#include "mprofpp/inject/memory.hpp"

namespace mprofpp::inject {

using Clock = std::chrono::steady_clock;

/// The state in which a thread was stopped: everything that a call changes.
struct Context {
  user_regs_struct registers{};
  std::vector<char> extended;  ///< floating point and vectors
  std::uint64_t signal_mask = 0;
};

/// A place at which a thread may call functions.
struct CallPlace {
  Address stack = 0;  ///< the end of a stack
  Address trap = 0;   ///< an int3 instruction, to which the function returns
};

/// One thread that is traced. The thread that creates the object has to use it, and has to end soon after it:
/// the kernel then releases the tracee, even one that could not be stopped.
class Tracee {
 public:
  explicit Tracee(pid_t thread) : thread_(thread) {}
  Tracee(const Tracee&) = delete;
  Tracee& operator=(const Tracee&) = delete;
  ~Tracee() { resume(); }

  /// Does not stop the thread. Errors: vanished, denied.
  Result<void> seize();

  /// Stops the thread and saves its context. Signals wait until resume(), except those that report an error
  /// in the code. Errors: busy if the thread does not stop in time, as in a system call that nothing
  /// interrupts; vanished if it has ended or runs another program now.
  Result<void> stop(Duration patience);
  pid_t process() const { return thread_; }  // it is the first thread
  bool is_stopped() const { return is_stopped_; }
  const Context& context() const { return context_; }

  /// Lets the thread make a system call. `instruction` is the address of a `syscall`. Returns the value or,
  /// if it is negative, the error number.
  Result<std::int64_t> system_call(Address instruction, std::int64_t number,
                                   std::initializer_list<std::uint64_t> arguments);

  /// Lets the thread call a function. Errors: busy if the call waits for a lock for longer than `patience`;
  /// it is given up then. io if it crashed.
  Result<std::uint64_t> call(Address function, std::initializer_list<std::uint64_t> arguments,
                             const CallPlace& place, Duration patience);

  /// Returns the seccomp filters of the thread, which must be stopped; nothing if the kernel does not show
  /// them, as it does only to root outside of any sandbox.
  std::optional<std::vector<std::vector<sock_filter>>> filters() const;

  /// Writes even where the thread itself may not.
  bool poke(Address to, std::span<const char> bytes) const;

  /// Lets the thread continue as if nothing had happened, and releases it.
  void resume();

  /// The time between the stop and resume().
  Duration stopped() const { return stopped_; }

 private:
  Result<int> wait_for_stop(Clock::time_point deadline);
  Result<void> interrupt(Duration patience);
  Result<void> save();
  bool is_in_restartable_sequence(Address at) const;
  Result<void> run_until_trap(int request, Address end, Duration patience);
  bool set(const user_regs_struct& registers) const;
  std::optional<user_regs_struct> registers() const;
  bool waits_for_lock() const;
  user_regs_struct restored() const;
  void send_kept_signals();

  pid_t thread_;
  bool is_stopped_ = false;
  bool was_disturbed_ = false;  // a call that was given up may have replaced what a restart needs
  Context context_;
  std::vector<int> kept_signals_;
  Clock::time_point stopped_at_;
  Duration stopped_{};
};

}  // namespace mprofpp::inject
