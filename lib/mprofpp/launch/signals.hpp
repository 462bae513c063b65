#pragma once

#include <sys/types.h>

#include <vector>

#include "mprofpp/base/fd.hpp"
#include "mprofpp/base/result.hpp"

namespace mprofpp::launch {

/// A signal that arrived.
struct Signal {
  enum class Sender {
    kernel,  ///< a terminal's key, size or hang-up; an alarm that was set before we were started
    process  ///< kill(2), of us or of our whole group: that does not show
  };
  int number = 0;
  Sender sender = Sender::process;
  pid_t sender_pid = 0;  ///< where it was a process
};

/// Whether mprofpp was started with that signal ignored, as nohup does.
bool is_ignored(int signal);

/// The signals that somebody sends to end or tell us, real-time ones included, SIGWINCH, SIGCONT and SIGCHLD,
/// as something to read instead. Blocks them for the whole process; SIGPIPE too, so that a reader of stderr
/// that goes away cannot end it. SIGCHLD is no longer ignored from here on.
class SignalInbox {
 public:
  static Result<SignalInbox> open();

  /// Readable when a signal waits.
  int fd() const { return fd_.get(); }
  /// All that wait; never blocks.
  std::vector<Signal> take();

 private:
  explicit SignalInbox(Fd fd) : fd_(std::move(fd)) {}
  Fd fd_;
};

}  // namespace mprofpp::launch
