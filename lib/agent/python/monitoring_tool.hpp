#pragma once

#include "python/callback.hpp"

namespace mprofpp::agent::python {

/// The events of sys.monitoring that are used. Each is one bit, which may differ between versions:
/// 3.14 moved PY_UNWIND and PY_THROW.
struct Events {
  int py_start = 0;
  int py_resume = 0;
  int py_return = 0;
  int py_yield = 0;
  int py_unwind = 0;
  int py_throw = 0;
  int instruction = 0;
  int line = 0;
  int jump = 0;
};

/// The reason why calls cannot be watched in an interpreter.
enum class Refusal {
  none,
  no_tool_left,  ///< the program uses all tools of sys.monitoring
  unfit          ///< the interpreter is not as expected
};

/// A tool of sys.monitoring (PEP 669), and the requests that can be made in its name. Requires the
/// interpreter's lock.
class MonitoringTool {
 public:
  constexpr MonitoringTool() = default;

  /// Takes a free tool. Must be called once, before any other use.
  Refusal take();
  /// Frees the tool, which must not be used afterwards.
  void give_back();

  const Events& events() const { return events_; }
  /// Returns the object, borrowed, that a callback returns to be no longer called at that place.
  Object* disable() const { return disable_; }

  // Requests return false if the interpreter refuses them; its exception is discarded.
  bool set_callback(int event, Vectorcall* callback) const;
  /// Requests events of all code.
  bool set_events(int events);
  /// Requests events of that code, and all exceptions that leave it or are thrown into it.
  bool watch(Object* code, int events);
  bool set_local_events(Object* code, int events) const;
  /// Returns the events that are requested of that code; 0 if they are not known.
  int local_events(Object* code) const;
  /// Enables all events again that callbacks have disabled.
  void restart_events() const;

 private:
  bool read_events();
  bool take_id();

  Object* monitoring_ = nullptr;
  Object* disable_ = nullptr;
  int id_ = -1;
  Events events_;
  int everywhere_ = 0;  ///< the events that are requested of all code
};

}  // namespace mprofpp::agent::python
