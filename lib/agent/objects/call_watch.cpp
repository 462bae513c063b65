#include "objects/call_watch.hpp"

#include <unistd.h>

#include "objects/watched_call.hpp"

namespace mprofpp::agent::objects {

using python::py;
using python::Refusal;

constinit WatchedCall watched_call;

bool is_watch_of_parent() {
  if (::getpid() == watched_call.pid) return false;
  end_call_watch();
  return true;
}

Refusal begin_call_watch(const char* pattern, const CallListener& listener) {
  const python::KeepException keep_exception;
  const bool has_monitoring = py.version >= python::has_monitoring;
  watched_call.listener = listener;
  watched_call.pid = ::getpid();
  watched_call.names.begin(pattern);
  watched_call.state = CallState::awaited;
  const auto refusal = has_monitoring ? begin_call_monitoring() : begin_call_evaluation();
  if (refusal != Refusal::none) {
    watched_call.state = CallState::none;
    watched_call.names.end();
  }
  return refusal;
}

void end_call_watch() {
  if (watched_call.state == CallState::none) return;
  const python::KeepException keep_exception;
  watched_call.state = CallState::none;
  py.version >= python::has_monitoring ? end_call_monitoring() : end_call_evaluation();
  watched_call.names.end();
}

}  // namespace mprofpp::agent::objects
