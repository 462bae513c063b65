#include <initializer_list>

#include "mprofpp/wire/record.hpp"
#include "python/callback.hpp"
#include "python/hooks.hpp"
#include "python/selection.hpp"

/// CPython 3.12 and later tell of marked code alone, and of exceptions.

namespace mprofpp::agent::python {
namespace {

constexpr int ends_silently = 313;  // since then a closed generator is not run once more

// of sys.monitoring.events
constexpr int py_start = 1 << 0;
constexpr int py_resume = 1 << 1;
constexpr int py_return = 1 << 2;
constexpr int py_yield = 1 << 3;
constexpr int instruction = 1 << 6;
constexpr int py_unwind = 1 << 12;
constexpr int py_throw = 1 << 13;
constexpr int local_events = py_start | py_resume | py_return | py_yield;

constinit Object* sys_monitoring = nullptr;
constinit Object* disable = nullptr;
constinit int tool = -1;

/// A plain function is known by its code: its calls end in the order opposite to that of their
/// begins. A generator is not, its frame is.
Owner owner(Object* code, const Marked& marked) {
  return owner_of(marked.suspends == Suspends::never ? code : py.PyEval_GetFrame());
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
  if (!marked->is_selected) return answer(disable);
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

Object* when_generator_ended(Object* owner, Object* const*, Size) {
  abandon(owner_of(py.PyLong_AsVoidPtr(owner)));
  return none();
}
const Method generator_ended{"generator_ended", reinterpret_cast<void*>(when_generator_ended),
                             as_array, nullptr};

void watch_generator(Object* frame) {
  const KeepException keep_exception;
  const Ref generator(py.PyFrame_GetGenerator(frame));
  const Ref number(py.PyLong_FromVoidPtr(frame));
  if (!generator || !number) return;
  const Ref callback(py.PyCFunction_NewEx(&generator_ended, number.get(), nullptr));
  if (!callback) return;
  Ref reference(py.PyWeakref_NewRef(generator.get(), callback.get()));
  if (reference) watch(owner_of(frame), reference.release());
}

Object* when_suspended(Object*, Object* const* arguments, std::size_t, Object*) {
  const Marked* marked = known(arguments[0]);
  if (marked == nullptr || !marked->is_selected) return none();
  Object* const frame = py.PyEval_GetFrame();
  suspend(owner_of(frame));
  if (py.version >= ends_silently && needs_watch(owner_of(frame))) watch_generator(frame);
  return none();
}

Object* when_resumed(Object*, Object* const* arguments, std::size_t, Object*) {
  const Marked* marked = known(arguments[0]);
  if (marked != nullptr && marked->is_selected) resume(owner_of(py.PyEval_GetFrame()));
  return none();
}

struct Callback {
  int event;
  Vectorcall* function;
};
const Callback callbacks[] = {
    {py_start, when_started},   {py_resume, when_resumed}, {py_return, when_returned},
    {py_yield, when_suspended}, {py_unwind, when_unwound}, {py_throw, when_resumed},
};

/// Whether it was answered and not refused.
bool call(const Ref& answer) {
  if (answer) return true;
  py.PyErr_Clear();
  return false;
}

/// First the one that PEP 669 names after an optimizer and that nobody uses: so the program has
/// those that are for everybody.
bool take_tool() {
  for (const int id : {5, 4, 3}) {
    if (!call(Ref(py.PyObject_CallMethod(sys_monitoring, "use_tool_id", "is", id, "mprofpp")))) {
      continue;
    }
    tool = id;
    return true;
  }
  return false;
}

bool set_events_of(Object* code, int events) {
  return call(
      Ref(py.PyObject_CallMethod(sys_monitoring, "set_local_events", "iOi", tool, code, events)));
}

void restart_events() {
  call(Ref(py.PyObject_CallMethod(sys_monitoring, "restart_events", "")));
}

bool register_callbacks() {
  for (auto& [event, function] : callbacks) {
    const Ref callback = make_callback(function);
    if (!callback || !call(Ref(py.PyObject_CallMethod(sys_monitoring, "register_callback", "iiO",
                                                      tool, event, callback.get())))) {
      return false;
    }
  }
  return true;
}

}  // namespace

bool begin_monitoring() {
  if (py.PyFrame_GetGenerator == nullptr) return false;
  const Ref sys = imported("sys");
  sys_monitoring = attribute(sys.get(), "monitoring").release();
  if (sys_monitoring == nullptr) return false;
  disable = attribute(sys_monitoring, "DISABLE").release();
  // these two cannot be had for single code objects
  const int events = py_unwind | py_throw | (is_tracing() ? py_start : 0);
  return disable != nullptr && take_tool() && register_callbacks() &&
         call(Ref(py.PyObject_CallMethod(sys_monitoring, "set_events", "ii", tool, events)));
}

void monitor(Object* code, Marked& marked) {
  if (marked.has_events) return;
  const KeepException keep_exception;
  // it has run before and was of no interest then
  if (marked.was_ignored) restart_events();
  marked.has_events = set_events_of(code, is_tracing() ? local_events & ~py_start : local_events);
}

void monitor_instructions_once(Object* code) {
  const Ref answer(py.PyObject_CallMethod(sys_monitoring, "get_local_events", "iO", tool, code));
  if (!call(answer)) return;
  const auto events = static_cast<int>(py.PyLong_AsLong(answer.get()));
  if (!set_events_of(code, events | instruction)) return;
  restart_events();
  set_events_of(code, events);
}

}  // namespace mprofpp::agent::python
