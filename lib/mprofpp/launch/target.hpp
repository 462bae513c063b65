#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "mprofpp/base/bytes.hpp"
#include "mprofpp/base/fd.hpp"
#include "mprofpp/base/result.hpp"
#include "mprofpp/launch/start_state.hpp"

namespace mprofpp::launch {

/// The program to start.
struct Program {
  std::vector<std::string> argv;  ///< program and arguments; the program is searched for in PATH
  std::string stub;               ///< path of libexec/mprofpp/hold
};

/// A program that has its pid but was not started yet: the stub waits in its place until release().
/// If the object is destroyed before that, the stub exits and the program never starts.
class Target {
 public:
  /// Starts the stub and waits until it is ready. Errors: not_found and denied refer to the stub;
  /// io if a pipe or a process cannot be created.
  static Result<Target> hold(const Program& program, const StartState& start_state);

  Target(Target&& other) noexcept;
  Target& operator=(Target&&) = delete;
  ~Target();

  pid_t pid() const { return pid_; }

  /// Returns the value at which the program's ru_maxrss starts. The kernel carries it over from the earlier
  /// images of the process (ours, then the stub), so a value at or below it says nothing about the program.
  Bytes inherited_peak() const;

  /// Lets the program start and waits for its exec. A program that was killed while it was held
  /// back counts as started: its exit status shows what happened. SIGPIPE has to be blocked or
  /// ignored. Errors: not_found if there is no such program; denied if it may not be executed;
  /// unsupported if it cannot be (a wrong format, a missing interpreter).
  Result<void> release();

 private:
  Target(pid_t pid, std::string name, Fd go, Fd report);

  pid_t pid_;
  bool is_ours_to_reap_ = true;  ///< until the program has started
  std::string name_;
  Fd go_;
  Fd report_;
  Bytes inherited_peak_;
};

}  // namespace mprofpp::launch
