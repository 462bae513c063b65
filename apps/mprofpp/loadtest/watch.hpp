#pragma once

#include <sys/types.h>

#include <optional>
#include <unordered_map>
#include <utility>

#include "mprofpp/base/instant.hpp"
#include "mprofpp/base/result.hpp"
#include "mprofpp/launch/signals.hpp"

namespace mprofpp::app {

/// Waits for what happens meanwhile: children that exit, and signals that ask to stop.
class Watch {
 public:
  /// Whether the process group that a child leads is killed when the child exits.
  enum class Group { stays, is_killed };

  /// From now on, signals are blocked in this process. Errors: those of launch::SignalInbox.
  static Result<Watch> open();

  /// Waits until a child exits, a signal arrives, `fd` is readable or `longest` has passed.
  void wait(Duration longest, int fd = -1);
  /// Returns a descriptor that is readable when a signal is waiting.
  int fd() const { return inbox_.fd(); }

  /// From now on, the status of the child is kept. Those of other children, such as orphans that this process
  /// has adopted, are not: a later child may have the same pid. Call it before the next wait().
  void add(pid_t child, Group group = Group::stays);
  /// Forgets a child that was added.
  void remove(pid_t child) { children_.erase(child); }
  /// Returns the status of a child that was added and has exited, as a shell reports it.
  std::optional<int> status_of(pid_t child) const;
  /// Returns the first signal that asked to stop.
  std::optional<int> stop_signal() const { return stop_signal_; }
  /// Returns how many signals asked to stop.
  int stop_signals() const { return stop_signals_; }

 private:
  explicit Watch(launch::SignalInbox inbox) : inbox_(std::move(inbox)) {}
  void take_signals();
  void reap();

  struct Child {
    Group group = Group::stays;
    std::optional<int> status;
  };

  launch::SignalInbox inbox_;
  std::unordered_map<pid_t, Child> children_;
  std::optional<int> stop_signal_;
  int stop_signals_ = 0;
};

}  // namespace mprofpp::app
