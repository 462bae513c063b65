#include <utility>

#include "objects/watched_call.hpp"

/// CPython 3.12 and later report starts and ends of calls. When a call ends, its frame still has its local
/// variables, so the end is taken for complete at the next instruction of its caller.

namespace mprofpp::agent::objects {
namespace {

using python::attribute;
using python::KeepException;
using python::MonitoringTool;
using python::none;
using python::Object;
using python::py;
using python::Ref;
using python::Refusal;

/// A frame, and the code whose events are requested for it; references that we own. A global of the agent
/// needs no destructor.
struct WatchedFrame {
  Object* frame = nullptr;
  Object* code = nullptr;

  bool is_running() const { return frame != nullptr && frame == py.PyEval_GetFrame(); }
  void release_frame() { release(frame); }
  void release_code() { release(code); }

 private:
  static void release(Object*& object) { const Ref released(std::exchange(object, nullptr)); }
};

constinit MonitoringTool tool;
constinit WatchedFrame call;
constinit WatchedFrame caller;

Object* disabled() {
  py.Py_IncRef(tool.disable());
  return tool.disable();
}

void complete_call() {
  const KeepException keep_exception;
  call.release_frame();
  caller.release_frame();
  watched_call.end();
}

Object* when_started(Object*, Object* const* arguments, std::size_t, Object*) {
  Object* const code = arguments[0];
  if (watched_call.state == CallState::none || is_watch_of_parent()) return none();
  const char* const name = watched_call.names.selected(code, py.PyEval_GetGlobals());
  if (name == nullptr) return disabled();
  if (watched_call.state != CallState::awaited) return none();
  const KeepException keep_exception;
  if (!tool.watch(code, tool.events().py_return)) return none();
  call.frame = Ref::to(py.PyEval_GetFrame()).release();
  call.code = Ref::to(code).release();
  watched_call.start(name);
  return none();
}

/// Requests the next instruction of the caller. Returns false if there is no caller in Python.
bool await_caller() {
  caller.frame = attribute(call.frame, "f_back").release();
  if (caller.frame == nullptr || caller.frame == py.none) return false;
  caller.code = attribute(caller.frame, "f_code").release();
  if (caller.code == nullptr) return false;
  const int events = tool.local_events(caller.code);
  return tool.set_local_events(caller.code, events | tool.events().instruction);
}

Object* when_returned(Object*, Object* const*, std::size_t, Object*) {
  if (watched_call.state != CallState::running || !call.is_running()) return none();
  const KeepException keep_exception;
  if (!await_caller()) {
    complete_call();
    return none();
  }
  watched_call.state = CallState::returned;
  call.release_frame();  // a frame with another reference would keep its local variables
  return none();
}

Object* when_unwound(Object*, Object* const*, std::size_t, Object*) {
  const bool is_call = watched_call.state == CallState::running && call.is_running();
  const bool is_caller = watched_call.state == CallState::returned && caller.is_running();
  if (is_call || is_caller) complete_call();
  return none();
}

Object* when_instruction(Object*, Object* const*, std::size_t, Object*) {
  if (watched_call.state == CallState::returned && caller.is_running()) complete_call();
  return none();
}

bool set_callbacks() {
  const auto& events = tool.events();
  return tool.set_callback(events.py_start, when_started) &&
         tool.set_callback(events.py_return, when_returned) &&
         tool.set_callback(events.py_unwind, when_unwound) &&
         tool.set_callback(events.instruction, when_instruction);
}

void forget(WatchedFrame& watched) {
  if (watched.code != nullptr) tool.set_local_events(watched.code, 0);
  watched.release_frame();
  watched.release_code();
}

}  // namespace

Refusal begin_call_monitoring() {
  const auto refusal = tool.take();
  if (refusal != Refusal::none) return refusal;
  tool.restart_events();  // an earlier watch has disabled those of other functions
  if (set_callbacks() && tool.set_events(tool.events().py_start)) return Refusal::none;
  tool.give_back();
  return Refusal::unfit;
}

void end_call_monitoring() {
  forget(caller);
  forget(call);
  tool.give_back();
}

}  // namespace mprofpp::agent::objects
