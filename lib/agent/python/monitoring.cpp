#include "core/environment.hpp"
#include "mprofpp/wire/names.hpp"
#include "mprofpp/wire/record.hpp"
#include "python/attached.hpp"
#include "python/generator_ends.hpp"
#include "python/hooks.hpp"
#include "python/monitoring_check.hpp"
#include "python/monitoring_tool.hpp"
#include "python/selection.hpp"

/// CPython 3.12 and later report what happens in marked code only; before 3.15 they report exceptions
/// in all code.

namespace mprofpp::agent::python {
namespace {

constinit MonitoringTool tool;

int events_of(const Marked& marked) {
  const auto& events = tool.events();
  const int lines = marked.lines != nullptr ? events.line | events.jump : 0;
  const int all = events.py_start | events.py_resume | events.py_return | events.py_yield | lines;
  // with --trace the start of calls is reported for all code
  return is_tracing() ? all & ~events.py_start : all;
}

/// Returns the owner for the generator or coroutine that runs: its frame. If the agent itself watches
/// generators end, that is the generator, which takes a little longer to find.
Owner current_generator() {
  Object* const frame = py.PyEval_GetFrame();
  if (!watches_generator_ends()) return owner_of(frame);
  const Ref generator(py.PyFrame_GetGenerator(frame));
  return owner_of(generator.get());
}

/// The owner of a plain function's calls is its code: the calls end in the reverse order of their
/// starts.
Owner owner(Object* code, const Marked& marked) {
  return marked.suspends == Suspends::never ? owner_of(code) : current_generator();
}

Object* answer(Object* object) {
  py.Py_IncRef(object);
  return object;
}

Object* when_started(Object*, Object* const* arguments, std::size_t, Object*) {
  Object* const code = arguments[0];
  Marked* marked = marked_of(code);
  if (marked == nullptr) {
    marked = decide(code, py.PyEval_GetGlobals());
    if (marked->is_watched()) monitor(code, *marked);
  }
  if (!marked->is_watched()) return answer(tool.disable());
  if (environment().is_adopted()) end_marks_without_recorder();
  const auto call = owner(code, *marked);
  if (marked->is_selected) begin(marked->place, call, marked->suspends);
  if (marked->lines != nullptr) {
    begin_lines(*marked->lines, call, code, marked->role, marked->suspends);
  }
  return none();
}

void end_all(const Marked& marked, Owner call, std::uint8_t flags) {
  if (marked.lines != nullptr) end_lines(call);
  if (marked.is_selected) end(call, flags);
}

Object* when_returned(Object*, Object* const* arguments, std::size_t, Object*) {
  const Marked* marked = marked_of(arguments[0]);
  if (marked != nullptr && marked->is_watched()) end_all(*marked, owner(arguments[0], *marked), 0);
  return none();
}

/// Called for every frame that an exception leaves.
Object* when_unwound(Object*, Object* const* arguments, std::size_t, Object*) {
  const Marked* marked = marked_of(arguments[0]);
  if (marked == nullptr || !marked->is_watched()) return none();
  const bool is_closed = marked->suspends != Suspends::never &&
                         py.PyErr_GivenExceptionMatches(arguments[2], *py.generator_exit) != 0;
  end_all(*marked, owner(arguments[0], *marked), is_closed ? 0 : wire::raised);
  return none();
}

Object* when_suspended(Object*, Object* const* arguments, std::size_t, Object*) {
  const Marked* marked = marked_of(arguments[0]);
  if (marked == nullptr || !marked->is_watched()) return none();
  const auto call = current_generator();
  if (marked->lines != nullptr) suspend_lines(call);
  if (marked->is_selected) suspend(call);
  return none();
}

Object* when_resumed(Object*, Object* const* arguments, std::size_t, Object*) {
  const Marked* marked = marked_of(arguments[0]);
  if (marked == nullptr || !marked->is_watched()) return none();
  const auto call = current_generator();
  if (marked->is_selected) resume(call);
  if (marked->lines != nullptr) resume_lines(call);
  return none();
}

Object* when_line_started(Object*, Object* const* arguments, std::size_t, Object*) {
  start_line_of_code(arguments[0], static_cast<std::uint32_t>(py.PyLong_AsLong(arguments[1])));
  return none();
}

/// A jump that was looked at last.
struct Jump {
  const Object* code;
  long from;
  long to;
  int line;  ///< in which it starts and ends; -1 if those lines differ
};

constinit Jump last_jump{};

int line_of_jump(Object* code, long from, long to) {
  auto& last = last_jump;
  if (last.code == code && last.from == from && last.to == to) return last.line;
  const int line = py.PyCode_Addr2Line(code, static_cast<int>(to));
  const bool is_same = line == py.PyCode_Addr2Line(code, static_cast<int>(from));
  last = {code, from, to, is_same ? line : -1};
  return last.line;
}

/// A jump backwards to the line that runs starts it again, and that is not reported as a start. So
/// sys.settrace counts too.
Object* when_jumped(Object*, Object* const* arguments, std::size_t, Object*) {
  const long from = py.PyLong_AsLong(arguments[1]);
  const long to = py.PyLong_AsLong(arguments[2]);
  const int line = to > from ? -1 : line_of_jump(arguments[0], from, to);
  if (line < 0) return answer(tool.disable());
  start_line_of_code(arguments[0], static_cast<std::uint32_t>(line));
  return none();
}

bool set_callbacks() {
  const auto& events = tool.events();
  return tool.set_callback(events.py_start, when_started) &&
         tool.set_callback(events.py_resume, when_resumed) &&
         tool.set_callback(events.py_return, when_returned) &&
         tool.set_callback(events.py_yield, when_suspended) &&
         tool.set_callback(events.py_unwind, when_unwound) &&
         tool.set_callback(events.py_throw, when_resumed) &&
         tool.set_callback(events.line, when_line_started) &&
         tool.set_callback(events.jump, when_jumped);
}

/// Returns true if the tests cover this version, or if it reports calls as expected in a check.
bool is_fit() {
  const bool is_tested = py.version <= wire::newest_tested_python;
  return is_tested || reports_as_expected(tool);
}

bool begin_with_tool() {
  if (!is_fit() || (closes_silently() && !watch_generator_ends())) return false;
  // in an earlier recording, code may have been found not to be wanted
  if (environment().is_adopted()) tool.restart_events();
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

void end_monitoring() {
  forget_codes([](Object* code) { tool.set_local_events(code, 0); });
  unwatch_generator_ends();
  last_jump = {};
  tool.give_back();
}

void monitor(Object* code, Marked& marked) {
  const int events = marked.is_watched() ? events_of(marked) : 0;
  if ((marked.events & events) == events) return;
  const KeepException keep_exception;
  // the code has run before, and its events were disabled then
  if (marked.was_ignored) tool.restart_events();
  if (tool.watch(code, events)) {
    marked.events = events;
    return;
  }
  // a call whose end is not reported must not start
  marked.is_selected = false;
  marked.lines = nullptr;
}

void forget_jump() {
  last_jump = {};
}

void monitor_instructions_once(Object* code) {
  const int events = tool.local_events(code);
  if (!tool.set_local_events(code, events | tool.events().instruction)) return;
  tool.restart_events();
  tool.set_local_events(code, events);
}

}  // namespace mprofpp::agent::python
