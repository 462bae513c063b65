#include "python/c_stack.hpp"
#include "python/hooks.hpp"
#include "python/interpreter_frame.hpp"

/// In 3.9 to 3.11 a hook sees every Python function begin (PEP 523). What is not marked goes
/// straight on, without a frame of ours on the C stack.

namespace mprofpp::agent::python {
namespace {

constinit EvalFrame* evaluate_as_before = nullptr;
constinit Interpreter* interpreter = nullptr;

Object* hook(ThreadState*, void*, int);

/// With a hook, calls from Python to Python take C stack that 3.11 does not take otherwise. In the
/// lower half of the stack it is off, so that no recursion ends earlier than without us.
class HookOff {
 public:
  HookOff() { py._PyInterpreterState_SetEvalFrameFunc(interpreter, evaluate_as_before); }
  ~HookOff() { py._PyInterpreterState_SetEvalFrameFunc(interpreter, hook); }
  HookOff(const HookOff&) = delete;
  HookOff& operator=(const HookOff&) = delete;
};

__attribute__((noinline)) Object* evaluate_deep(ThreadState* thread, void* frame,
                                                int is_thrown_into) {
  const HookOff hook_off;
  return evaluate_as_before(thread, frame, is_thrown_into);
}

/// False when none of its code is going to run: a generator object is only made, or thrown into
/// (closed, say) before it began.
bool begin_or_resume(Marked& marked, void* frame, int is_thrown_into) {
  const auto owner = owner_of(frame);
  if (marked.suspends != Suspends::never) {
    if (InterpreterFrame(frame).makes_generator()) return false;
    if (resume(owner)) return true;
    if (is_thrown_into != 0) return false;
  }
  begin(marked.place, owner, marked.suspends);
  return true;
}

void end_or_suspend(const Marked& marked, void* frame, const Object* answer) {
  const bool can_be_suspended = marked.suspends != Suspends::never;
  const auto owner = owner_of(frame);
  if (answer == nullptr) {
    const bool is_closed = can_be_suspended && py.PyErr_ExceptionMatches(*py.generator_exit) != 0;
    return end(owner, is_closed ? 0 : wire::raised);
  }
  const bool is_suspended = can_be_suspended && InterpreterFrame(frame).is_suspended();
  is_suspended ? suspend(owner) : end(owner, 0);
}

__attribute__((noinline)) Object* evaluate_marked(ThreadState* thread, void* frame,
                                                  int is_thrown_into, Marked& marked) {
  if (!begin_or_resume(marked, frame, is_thrown_into)) {
    return evaluate_as_before(thread, frame, is_thrown_into);
  }
  Object* const answer = evaluate_as_before(thread, frame, is_thrown_into);
  end_or_suspend(marked, frame, answer);
  return answer;
}

__attribute__((noinline)) Marked* decide_first(void* frame) {
  const KeepException keep_exception;
  const InterpreterFrame view(frame);
  const Ref globals = view.globals();
  return decide(view.code(), globals.get());
}

Object* hook(ThreadState* thread, void* frame, int is_thrown_into) {
  if (is_stack_scarce()) return evaluate_deep(thread, frame, is_thrown_into);
  Marked* marked = known(InterpreterFrame(frame).code());
  if (marked == nullptr) marked = decide_first(frame);
  if (marked->is_selected) return evaluate_marked(thread, frame, is_thrown_into, *marked);
  return evaluate_as_before(thread, frame, is_thrown_into);
}

}  // namespace

bool hook_evaluation() {
  const bool has_functions = py._PyEval_EvalFrameDefault != nullptr &&
                             py._PyInterpreterState_GetEvalFrameFunc != nullptr &&
                             py._PyInterpreterState_SetEvalFrameFunc != nullptr &&
                             py.PyInterpreterState_Get != nullptr;
  if (!has_functions || !InterpreterFrame::are_as_expected()) return false;
  interpreter = py.PyInterpreterState_Get();
  evaluate_as_before = py._PyInterpreterState_GetEvalFrameFunc(interpreter);
  if (evaluate_as_before == nullptr) evaluate_as_before = py._PyEval_EvalFrameDefault;
  py._PyInterpreterState_SetEvalFrameFunc(interpreter, hook);
  return true;
}

}  // namespace mprofpp::agent::python
