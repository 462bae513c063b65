#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "mprofpp/base/bytes.hpp"
#include "mprofpp/base/fd.hpp"
#include "mprofpp/base/result.hpp"
#include "mprofpp/launch/surroundings.hpp"

namespace mprofpp::launch {

/// What to start.
struct Program {
  std::vector<std::string> words;  ///< at least one; the first is searched in PATH
  std::string stub;                ///< path of libexec/mprofpp/hold
};

/// A program that has its pid but not begun yet: the stub waits in its place until release(). An object
/// that goes away unreleased lets the stub end without starting the program.
class Target {
 public:
  /// Errors: not_found and denied speak of the stub, io of fork.
  static Result<Target> hold(const Program& program, const Surroundings& surroundings);

  Target(Target&&) = default;
  Target& operator=(Target&&) = delete;

  pid_t pid() const { return pid_; }

  /// Where the program's ru_maxrss starts: the kernel carries it over from the images that were in its
  /// place before (ours, then the stub), so at or below this it says nothing of the program.
  Bytes inherited_peak() const;

  /// Lets the program begin and waits for its exec. One that was ended meanwhile, held back as it was, has
  /// begun too: its status tells. (SIGPIPE has to be blocked or ignored.) Errors: not_found when there is
  /// no such program; denied when it may not be executed; unsupported when it cannot be (a wrong format, an
  /// interpreter that is missing).
  Result<void> release();

 private:
  Target(pid_t pid, std::string name, Fd go, Fd report);

  pid_t pid_;
  std::string name_;
  Fd go_;
  Fd report_;
  Bytes inherited_peak_;
};

}  // namespace mprofpp::launch
