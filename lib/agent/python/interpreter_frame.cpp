#include "python/interpreter_frame.hpp"

namespace mprofpp::agent::python {
namespace {

bool has_frame_objects() {
  return py.version < has_bare_frames;
}

const Frame38& as_38(void* frame) {
  return *static_cast<const Frame38*>(frame);
}

const Frame311& as_311(void* frame) {
  return *static_cast<const Frame311*>(frame);
}

long number(Object* object, const char* name) {
  const Ref value = attribute(object, name);
  return value ? py.PyLong_AsLong(value.get()) : -1;
}

/// In a generator that waits for another one, the last instruction is the one before the instruction
/// that waits. So any last instruction except a return means that the generator is suspended.
bool is_object_suspended(void* frame) {
  auto* const object = static_cast<Object*>(frame);
  const Ref bytes = attribute(InterpreterFrame(frame).code(), "co_code");
  const long last = number(object, "f_lasti");
  if (!bytes || last < 0 || last >= py.PyBytes_Size(bytes.get())) return false;
  return static_cast<unsigned char>(py.PyBytes_AsString(bytes.get())[last]) != opcode::return_value;
}

/// Returns false if a call only makes a generator or coroutine object.
bool runs_in_call(Object* code) {
  using namespace code_flag;
  return (number(code, "co_flags") & (generator | coroutine | async_generator)) == 0;
}

bool has_other_references(const void* object) {
  return object != nullptr && static_cast<const ObjectHead*>(object)->references > 1;
}

void clear_object(Object* frame) {
  const auto& type = *reinterpret_cast<TypeObject*>(reinterpret_cast<ObjectHead*>(frame)->type);
  if (type.clear != nullptr && !has_other_references(frame)) type.clear(frame);
}

void clear_311(void* pointer) {
  auto& frame = *static_cast<Frame311*>(pointer);
  if (has_other_references(frame.frame_object)) return;
  for (int i = 0; i < frame.stack_top; ++i) {
    Object* const object = frame.locals_and_stack[i];
    frame.locals_and_stack[i] = nullptr;
    if (object != nullptr) py.Py_DecRef(object);
  }
}

/// Looks at a frame that is only made: if it ran, the program's tracer would see it.
bool is_38_as_expected() {
  const Ref code(py.PyCode_NewEmpty("", "", 1));
  const Ref globals(py.PyDict_New());
  if (py.PyFrame_New == nullptr || !code || !globals) return false;
  ThreadState* const thread = py.PyThreadState_Get();
  const Ref frame(py.PyFrame_New(thread, code.get(), globals.get(), globals.get()));
  return frame && as_38(frame.get()).code == code.get();
}

/// While such an object exists, no tracer of the program sees what runs.
class Untraced {
 public:
  Untraced() { py.PyThreadState_EnterTracing(thread_); }
  ~Untraced() { py.PyThreadState_LeaveTracing(thread_); }
  Untraced(const Untraced&) = delete;
  Untraced& operator=(const Untraced&) = delete;

 private:
  ThreadState* thread_ = py.PyThreadState_Get();
};

/// The probe's observations of a generator that is made and then resumed twice.
struct Seen {
  Object* code = nullptr;
  Object* globals = nullptr;
  int evaluations = 0;
  bool is_right = true;
};
constinit Seen seen;

Object* probe(ThreadState* thread, void* frame, int is_thrown_into) {
  const InterpreterFrame view(frame);
  const bool is_known = as_311(frame).code == seen.code && as_311(frame).globals == seen.globals;
  const int evaluation = ++seen.evaluations;
  const bool makes = evaluation == 1;
  seen.is_right = seen.is_right && is_known && view.makes_generator() == makes;
  Object* answer = py._PyEval_EvalFrameDefault(thread, frame, is_thrown_into);
  if (!makes) seen.is_right = seen.is_right && view.is_suspended() == (evaluation == 2);
  return answer;
}

/// Runs a generator of our own under the probe.
bool is_311_as_expected(const EvaluationSlot& slot) {
  if (py.PyThreadState_EnterTracing == nullptr || py.PyThreadState_LeaveTracing == nullptr) {
    return false;
  }
  const Untraced untraced;
  const Ref globals(py.PyDict_New());
  const Ref ran(
      py.PyRun_String("def probe():\n yield\n", grammar::file_input, globals.get(), globals.get()));
  Object* function = ran ? py.PyDict_GetItemString(globals.get(), "probe") : nullptr;
  const Ref code = Ref::to(function == nullptr ? nullptr : py.PyFunction_GetCode(function));
  if (!code) return false;
  seen = {code.get(), globals.get()};
  auto* const before = slot.get();
  slot.set(reinterpret_cast<AnyFunction*>(probe));
  const Ref generator(py.PyObject_CallObject(function, nullptr));
  const Ref all(generator ? py.PyObject_CallMethod(generator.get(), "__next__", "") : nullptr);
  const Ref end(all ? py.PyObject_CallMethod(generator.get(), "__next__", "") : nullptr);
  slot.set(before);
  constexpr int evaluations = 3;
  return seen.is_right && seen.evaluations == evaluations;
}

}  // namespace

Object* InterpreterFrame::code() const {
  if (!has_frame_objects()) return as_311(frame_).code;
  if (py.version < has_frame_get_code) return as_38(frame_).code;
  Object* const code = py.PyFrame_GetCode(frame_);
  py.Py_DecRef(code);
  return code;
}

Ref InterpreterFrame::globals() const {
  if (!has_frame_objects()) return Ref::to(as_311(frame_).globals);
  return attribute(static_cast<Object*>(frame_), "f_globals");
}

bool InterpreterFrame::makes_generator() const {
  return !has_frame_objects() && as_311(frame_).owner != owned_by_generator;
}

bool InterpreterFrame::is_suspended() const {
  if (has_frame_objects()) return is_object_suspended(frame_);
  return *as_311(frame_).instruction == opcode::yield_value;
}

bool InterpreterFrame::is_first_run() const {
  if (has_frame_objects()) return number(static_cast<Object*>(frame_), "f_lasti") < 0;
  return as_311(frame_).owner == owned_by_generator ? !is_suspended() : runs_in_call(code());
}

void InterpreterFrame::clear_locals() const {
  has_frame_objects() ? clear_object(static_cast<Object*>(frame_)) : clear_311(frame_);
}

bool InterpreterFrame::are_as_expected(const EvaluationSlot& slot) {
  const KeepException keep_exception;
  if (!has_frame_objects()) return is_311_as_expected(slot);
  return py.version < has_frame_get_code ? is_38_as_expected() : py.PyFrame_GetCode != nullptr;
}

bool passes_thread() {
  return py.version >= has_thread_in_hook;
}

}  // namespace mprofpp::agent::python
