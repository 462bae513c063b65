#pragma once

#include <atomic>

#include "objects/request.hpp"

namespace mprofpp::agent::objects {

/// Counts the objects of the program when a call starts and when it has ended, in the thread that makes it.
/// There is one such object at a time. Its functions and its end require the interpreter's lock.
class GrowthInCall {
 public:
  /// The arguments are those of Request, and outlive it.
  GrowthInCall(Options options, wire::TextView body, python::Object* handlers);
  ~GrowthInCall() { end(); }
  GrowthInCall(const GrowthInCall&) = delete;
  GrowthInCall& operator=(const GrowthInCall&) = delete;

  /// Starts to wait for a call of the functions that around_option selects. Returns false, and the reply has
  /// the reason, if that is not possible.
  bool begin(Reply& reply);
  /// Puts the growth into the reply, or the reason why there is none, and removes all hooks.
  void finish(Reply& reply);

  /// Changes when there is something to finish.
  std::atomic<std::uint32_t>& done() { return done_; }
  /// Returns how long the program was held up, in ns.
  std::uint64_t held() const { return held_; }

 private:
  struct Look {
    Reply reply;
    std::uint64_t time = 0;
  };

  static void when_started(const char* name);
  static void when_ended();
  /// Returns false in a child that was forked during the wait.
  bool is_of_this_process() const;
  bool watch(Reply& reply);
  void look(Look& look);
  void end();

  Options options_;
  wire::TextView body_;
  python::Object* handlers_;
  int pid_;
  Look before_, after_;
  Text function_;
  std::uint64_t held_ = 0;
  std::atomic<std::uint32_t> done_ = 0;
};

}  // namespace mprofpp::agent::objects
