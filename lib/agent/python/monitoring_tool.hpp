#pragma once

#include "python/callback.hpp"

namespace mprofpp::agent::python {

/// The events of sys.monitoring that are used. Each is a bit of its own, and versions differ in
/// which: 3.14 moved PY_UNWIND and PY_THROW.
struct Events {
  int py_start = 0;
  int py_resume = 0;
  int py_return = 0;
  int py_yield = 0;
  int py_unwind = 0;
  int py_throw = 0;
  int instruction = 0;
};

/// Why an interpreter does not let calls be watched.
enum class Refusal {
  none,
  no_tool_left,  ///< the program has taken all that sys.monitoring has
  unfit          ///< it is not what we expect
};

/// One of the tools of sys.monitoring (PEP 669), and what can be asked for in its name. With the
/// interpreter's lock.
class MonitoringTool {
 public:
  constexpr MonitoringTool() = default;

  /// Before any other use, once.
  Refusal take();
  /// After it was taken, in place of all else.
  void give_back();

  const Events& events() const { return events_; }
  /// What a callback returns that is not to be called again at that place; borrowed.
  Object* disable() const { return disable_; }

  // What is refused is forgotten, and false.
  bool set_callback(int event, Vectorcall* callback) const;
  /// To be reported of all code.
  bool set_events(int events);
  /// To be reported of that code; and all exceptions that leave it or are thrown into it.
  bool watch(Object* code, int events);
  bool set_local_events(Object* code, int events) const;
  /// 0 if it cannot be told.
  int local_events(Object* code) const;
  /// Forgets all that callbacks have disabled.
  void restart_events() const;

 private:
  bool read_events();
  bool take_id();

  Object* monitoring_ = nullptr;
  Object* disable_ = nullptr;
  int id_ = -1;
  Events events_;
  int everywhere_ = 0;  ///< the events that are reported of all code
};

}  // namespace mprofpp::agent::python
