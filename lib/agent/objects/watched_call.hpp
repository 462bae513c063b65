#pragma once

#include "objects/call_names.hpp"
#include "objects/call_watch.hpp"

/// The state that both ways of watching calls share.
namespace mprofpp::agent::objects {

enum class CallState {
  none,      ///< nobody waits for a call
  awaited,   ///< it has not started
  running,   ///< it has started
  returned,  ///< its frame still has its local variables
  ended
};

struct WatchedCall {
  CallState state = CallState::none;
  CallListener listener{};
  CallNames names;
  int pid = 0;  ///< of the process that waits, and not its child

  void start(const char* name) {
    state = CallState::running;
    listener.started(name);
  }
  void end() {
    state = CallState::ended;
    listener.ended();
  }
};
extern WatchedCall watched_call;

/// Ends the watch if this is a child of the process in which it began. Returns true if it is.
bool is_watch_of_parent();

// 3.12 and later
python::Refusal begin_call_monitoring();
void end_call_monitoring();
// 3.8 to 3.11
python::Refusal begin_call_evaluation();
void end_call_evaluation();

}  // namespace mprofpp::agent::objects
