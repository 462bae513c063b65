#pragma once

#include "console/console.hpp"
#include "inspection/signal_watch.hpp"
#include "mprofpp/inspect/client.hpp"

namespace mprofpp::app {

/// Interprets the signals that arrive while code runs: Ctrl-C interrupts it. Code that waits in a function
/// written in C does not notice that until the function returns, so the third Ctrl-C leaves it alone.
class Interruptions {
 public:
  /// `signals` and `console` outlive it.
  Interruptions(const SignalWatch& signals, const Console& console)
      : signals_(signals), console_(console) {}

  inspect::Control control() {
    return {signals_.descriptor(), [this] { return read(); }};
  }
  int count() const { return count_; }
  /// Returns true if a signal has asked this program to end.
  bool is_over() const { return is_over_; }

 private:
  inspect::Wish read();

  const SignalWatch& signals_;
  const Console& console_;
  int count_ = 0;
  bool is_over_ = false;
};

}  // namespace mprofpp::app
