#include "python/interpreter_frame.hpp"

namespace mprofpp::agent::python {
namespace {

// 3.8 to 3.10 hand out frame objects, which answer questions. This one 3.8 answers too slowly
struct Frame38 {
  void* header[3];
  void* back;
  Object* code;
};
constexpr int answers_for_code = 309;

// 3.11 hands out this
struct Frame311 {
  void* function;
  Object* globals;
  Object* builtins;
  Object* locals;
  Object* code;
  void* frame_object;
  void* previous;
  const unsigned char* instruction;  ///< the last one that was run
  int stack_top;
  bool is_entry;
  char owner;
};
constexpr char owned_by_generator = 1;
constexpr int without_frame_objects = 311;

constexpr unsigned char return_value = 83;
constexpr unsigned char yield_value = 86;

bool has_frame_objects() {
  return py.version < without_frame_objects;
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

/// A generator that waits for another one stands before the instruction that does; so all but a
/// return means that it goes on.
bool is_object_suspended(void* frame) {
  auto* const object = static_cast<Object*>(frame);
  const Ref bytes = attribute(InterpreterFrame(frame).code(), "co_code");
  const long last = number(object, "f_lasti");
  if (!bytes || last < 0 || last >= py.PyBytes_Size(bytes.get())) return false;
  return static_cast<unsigned char>(py.PyBytes_AsString(bytes.get())[last]) != return_value;
}

/// What a probe has seen of a generator, made and resumed twice.
struct Seen {
  Object* code = nullptr;
  Object* globals = nullptr;
  int evaluations = 0;
  bool is_right = true;
};
constinit Seen seen;

/// Only what makes frame objects makes generators without a frame to be evaluated.
int evaluations_before_resumed() {
  return has_frame_objects() ? 0 : 1;
}

bool is_as_seen(const InterpreterFrame& view) {
  return view.code() == seen.code && view.globals().get() == seen.globals;
}

template <class... Thread>
Object* probe(Thread... thread, void* frame, int is_thrown_into) {
  const InterpreterFrame view(frame);
  const int resumed = ++seen.evaluations - evaluations_before_resumed();
  const bool makes = resumed == 0;
  seen.is_right = seen.is_right && is_as_seen(view) && view.makes_generator() == makes;
  auto* const evaluate = reinterpret_cast<EvalFrameWith<Thread...>*>(
      reinterpret_cast<AnyFunction*>(py._PyEval_EvalFrameDefault));
  Object* answer = evaluate(thread..., frame, is_thrown_into);
  if (!makes) seen.is_right = seen.is_right && view.is_suspended() == (resumed == 1);
  return answer;
}

AnyFunction* probe_of_this_version() {
  return tells_thread() ? reinterpret_cast<AnyFunction*>(probe<ThreadState*>)
                        : reinterpret_cast<AnyFunction*>(probe<>);
}

}  // namespace

Object* InterpreterFrame::code() const {
  if (!has_frame_objects()) return as_311(frame_).code;
  if (py.version < answers_for_code) return as_38(frame_).code;
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
  return *as_311(frame_).instruction == yield_value;
}

/// Runs a generator of our own under the probe.
bool InterpreterFrame::are_as_expected(const EvaluationSlot& slot) {
  constexpr int file_input = 257;
  if (py.version >= answers_for_code && py.PyFrame_GetCode == nullptr) return false;
  const KeepException keep_exception;
  const Ref globals(py.PyDict_New());
  const Ref ran(
      py.PyRun_String("def probe():\n yield\n", file_input, globals.get(), globals.get()));
  Object* function = ran ? py.PyDict_GetItemString(globals.get(), "probe") : nullptr;
  const Ref code = function == nullptr ? Ref() : attribute(function, "__code__");
  if (!code) return false;
  seen = {code.get(), globals.get()};
  auto* const before = slot.get();
  slot.set(probe_of_this_version());
  const Ref generator(py.PyObject_CallObject(function, nullptr));
  const Ref all(generator ? py.PyObject_CallMethod(generator.get(), "__next__", "") : nullptr);
  const Ref end(all ? py.PyObject_CallMethod(generator.get(), "__next__", "") : nullptr);
  slot.set(before);
  return seen.is_right && seen.evaluations == evaluations_before_resumed() + 2;
}

bool tells_thread() {
  constexpr int first = 309;
  return py.version >= first;
}

}  // namespace mprofpp::agent::python
