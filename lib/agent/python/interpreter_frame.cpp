#include "python/interpreter_frame.hpp"

namespace mprofpp::agent::python {
namespace {

// 3.9 and 3.10 hand out frame objects, which answer questions; 3.11 this
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
  const Ref code(py.PyFrame_GetCode(frame));
  const Ref bytes = attribute(code.get(), "co_code");
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

Object* probe(ThreadState* thread, void* frame, int is_thrown_into) {
  const InterpreterFrame view(frame);
  const bool is_known = as_311(frame).code == seen.code && as_311(frame).globals == seen.globals;
  const int evaluation = ++seen.evaluations;
  const bool makes = evaluation == 1;
  seen.is_right = seen.is_right && is_known && (!is_known || view.makes_generator() == makes);
  Object* answer = py._PyEval_EvalFrameDefault(thread, frame, is_thrown_into);
  if (!makes) seen.is_right = seen.is_right && view.is_suspended() == (evaluation == 2);
  return answer;
}

/// Runs a generator of our own under the probe.
bool is_311_as_expected() {
  constexpr int file_input = 257;
  const Ref globals(py.PyDict_New());
  const Ref ran(
      py.PyRun_String("def probe():\n yield\n", file_input, globals.get(), globals.get()));
  Object* function = ran ? py.PyDict_GetItemString(globals.get(), "probe") : nullptr;
  const Ref code = function == nullptr ? Ref() : attribute(function, "__code__");
  if (!code) return false;
  seen = {code.get(), globals.get()};
  Interpreter* const interpreter = py.PyInterpreterState_Get();
  auto* const before = py._PyInterpreterState_GetEvalFrameFunc(interpreter);
  py._PyInterpreterState_SetEvalFrameFunc(interpreter, probe);
  Ref generator(py.PyObject_CallObject(function, nullptr));
  const Ref all(generator ? py.PyObject_CallMethod(generator.get(), "__next__", "") : nullptr);
  const Ref end(all ? py.PyObject_CallMethod(generator.get(), "__next__", "") : nullptr);
  py._PyInterpreterState_SetEvalFrameFunc(interpreter, before);
  constexpr int evaluations = 3;
  return seen.is_right && seen.evaluations == evaluations;
}

}  // namespace

Object* InterpreterFrame::code() const {
  if (!has_frame_objects()) return as_311(frame_).code;
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

bool InterpreterFrame::are_as_expected() {
  if (py.PyFrame_GetCode == nullptr) return false;
  const KeepException keep_exception;
  return has_frame_objects() || is_311_as_expected();
}

}  // namespace mprofpp::agent::python
