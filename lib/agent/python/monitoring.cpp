#include "mprofpp/wire/names.hpp"
#include "mprofpp/wire/record.hpp"
#include "python/generator_ends.hpp"
#include "python/hooks.hpp"
#include "python/monitoring_check.hpp"
#include "python/monitoring_tool.hpp"
#include "python/selection.hpp"

/// CPython 3.12 and later report what happens in marked code only, and exceptions everywhere.

namespace mprofpp::agent::python {
namespace {

constinit MonitoringTool tool;

int events_of_marked_code() {
  const auto& events = tool.events();
  const int all = events.py_start | events.py_resume | events.py_return | events.py_yield;
  // with --trace the start of a call is reported whatever its code
  return is_tracing() ? all & ~events.py_start : all;
}

/// The frame of the generator or coroutine that runs. Where the agent itself sees generators end it
/// is the generator, which takes a little longer to find.
Owner current_generator() {
  Object* const frame = py.PyEval_GetFrame();
  if (!watches_generator_ends()) return owner_of(frame);
  const Ref generator(py.PyFrame_GetGenerator(frame));
  return owner_of(generator.get());
}

/// A plain function is known by its code: its calls end in the order opposite to that of their
/// begins.
Owner owner(Object* code, const Marked& marked) {
  return marked.suspends == Suspends::never ? owner_of(code) : current_generator();
}

Object* answer(Object* object) {
  py.Py_IncRef(object);
  return object;
}

Object* when_started(Object*, Object* const* arguments, std::size_t, Object*) {
  Object* const code = arguments[0];
  Marked* marked = known(code);
  if (marked == nullptr) {
    marked = decide(code, py.PyEval_GetGlobals());
    if (marked->is_selected) monitor(code, *marked);
  }
  if (!marked->is_selected) return answer(tool.disable());
  begin(marked->place, owner(code, *marked), marked->suspends);
  return none();
}

Object* when_returned(Object*, Object* const* arguments, std::size_t, Object*) {
  const Marked* marked = known(arguments[0]);
  if (marked != nullptr && marked->is_selected) end(owner(arguments[0], *marked), 0);
  return none();
}

/// Called for every frame that an exception leaves.
Object* when_unwound(Object*, Object* const* arguments, std::size_t, Object*) {
  const Marked* marked = known(arguments[0]);
  if (marked == nullptr || !marked->is_selected) return none();
  const bool is_closed = marked->suspends != Suspends::never &&
                         py.PyErr_GivenExceptionMatches(arguments[2], *py.generator_exit) != 0;
  end(owner(arguments[0], *marked), is_closed ? 0 : wire::raised);
  return none();
}

Object* when_suspended(Object*, Object* const* arguments, std::size_t, Object*) {
  const Marked* marked = known(arguments[0]);
  if (marked == nullptr || !marked->is_selected) return none();
  suspend(current_generator());
  return none();
}

Object* when_resumed(Object*, Object* const* arguments, std::size_t, Object*) {
  const Marked* marked = known(arguments[0]);
  if (marked != nullptr && marked->is_selected) resume(current_generator());
  return none();
}

bool set_callbacks() {
  const auto& events = tool.events();
  return tool.set_callback(events.py_start, when_started) &&
         tool.set_callback(events.py_resume, when_resumed) &&
         tool.set_callback(events.py_return, when_returned) &&
         tool.set_callback(events.py_yield, when_suspended) &&
         tool.set_callback(events.py_unwind, when_unwound) &&
         tool.set_callback(events.py_throw, when_resumed);
}

/// Whether the tests have seen that version report calls, or it does so as we look.
bool is_fit() {
  const bool is_tested = py.version <= wire::newest_tested_python;
  return is_tested || reports_as_expected(tool);
}

bool begin_with_tool() {
  if (!is_fit() || (closes_silently() && !watch_generator_ends())) return false;
  return set_callbacks() && tool.set_events(is_tracing() ? tool.events().py_start : 0);
}

}  // namespace

Refusal begin_monitoring() {
  if (py.PyFrame_GetGenerator == nullptr) return Refusal::unfit;
  const auto refusal = tool.take();
  if (refusal != Refusal::none) return refusal;
  if (begin_with_tool()) return Refusal::none;
  tool.give_back();
  return Refusal::unfit;
}

void monitor(Object* code, Marked& marked) {
  if (marked.has_events || !marked.is_selected) return;
  const KeepException keep_exception;
  // it has run before and was of no interest then
  if (marked.was_ignored) tool.restart_events();
  marked.has_events = tool.watch(code, events_of_marked_code());
  // a call whose end is not reported must not begin
  marked.is_selected = marked.has_events;
}

void monitor_instructions_once(Object* code) {
  const int events = tool.local_events(code);
  if (!tool.set_local_events(code, events | tool.events().instruction)) return;
  tool.restart_events();
  tool.set_local_events(code, events);
}

}  // namespace mprofpp::agent::python
