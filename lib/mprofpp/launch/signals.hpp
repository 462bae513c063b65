#pragma once

#include <sys/types.h>

#include <vector>

#include "mprofpp/base/fd.hpp"
#include "mprofpp/base/result.hpp"

namespace mprofpp::launch {

/// A signal that arrived.
struct Signal {
  enum class Sender {
    kernel,  ///< a terminal's key, resize or hang-up; an alarm that was set before we were started
    process  ///< kill(2), sent to us or to our whole group: the two look the same
  };
  int number = 0;
  Sender sender = Sender::process;
  pid_t sender_pid = 0;  ///< if it was a process
};

/// Returns true if the signal is ignored, as nohup arranges it for the program that it starts.
bool is_ignored(int signal);

/// Delivers signals through a descriptor: those that ask a process to end or notify it, including
/// real-time signals, and SIGWINCH, SIGCONT and SIGCHLD. They are blocked for the whole process; so
/// is SIGPIPE, so that mprofpp does not end when the reader of its stderr does. From then on,
/// SIGCHLD is no longer ignored.
class SignalInbox {
 public:
  static Result<SignalInbox> open();

  /// Returns a descriptor that is readable when a signal is pending.
  int fd() const { return fd_.get(); }
  /// Returns all pending signals; never blocks.
  std::vector<Signal> take();

 private:
  explicit SignalInbox(Fd fd) : fd_(std::move(fd)) {}
  Fd fd_;
};

}  // namespace mprofpp::launch
