#include "objects/watched_call.hpp"
#include "python/c_stack.hpp"
#include "python/interpreter_frame.hpp"

/// In 3.8 to 3.11 a hook is called when any Python function starts (PEP 523). It lies over the hook of marks,
/// if there is one.

namespace mprofpp::agent::objects {
namespace {

using python::AnyFunction;
using python::EvaluationSlot;
using python::InterpreterFrame;
using python::KeepException;
using python::Object;
using python::Ref;
using python::Refusal;
using python::ThreadState;

constinit EvaluationSlot slot;
constinit void* frame_of_call = nullptr;

/// Returns the name of the function if this is the start of the call.
const char* name_at_start(void* frame) {
  if (watched_call.state != CallState::awaited) return nullptr;
  const InterpreterFrame view(frame);
  const KeepException keep_exception;
  const Ref globals = view.globals();
  const char* const name = watched_call.names.selected(view.code(), globals.get());
  return name != nullptr && view.is_first_run() ? name : nullptr;
}

void end_or_suspend(void* frame, const Object* answer) {
  if (watched_call.state != CallState::running || frame_of_call != frame) return;
  if (answer != nullptr && InterpreterFrame(frame).is_suspended()) return;
  frame_of_call = nullptr;
  const KeepException keep_exception;
  if (answer != nullptr) InterpreterFrame(frame).clear_locals();
  watched_call.end();
}

/// In a child of the process, in which nobody waits, this removes the hook soon.
bool is_over() {
  constexpr std::uint32_t calls_per_look = 256;
  static constinit std::uint32_t calls = 0;
  const bool is_looked_for = ++calls % calls_per_look == 0;
  return watched_call.state == CallState::none || (is_looked_for && is_watch_of_parent());
}

template <class... Thread>
struct Hook {
  using Function = python::EvalFrameWith<Thread...>;

  static inline constinit Function* evaluate_as_before = nullptr;
  static inline constinit bool is_installed_below_others = false;

  static AnyFunction* as_stored(Function* function) {
    return reinterpret_cast<AnyFunction*>(function);
  }

  static void install() {
    if (is_installed_below_others) return;
    evaluate_as_before = reinterpret_cast<Function*>(slot.get());
    slot.set(as_stored(run));
  }

  static void remove() {
    is_installed_below_others = slot.get() != as_stored(run);
    if (!is_installed_below_others) slot.set(as_stored(evaluate_as_before));
  }

  /// Calls take more of the C stack under a hook. Its lower half is left to the program.
  __attribute__((noinline)) static Object* evaluate_deep(Thread... thread, void* frame,
                                                         int is_thrown_into) {
    const bool is_ours = slot.get() == as_stored(run);
    if (is_ours) slot.set(as_stored(evaluate_as_before));
    Object* const answer = evaluate_as_before(thread..., frame, is_thrown_into);
    const bool is_missing = is_ours && slot.get() == as_stored(evaluate_as_before);
    if (is_missing && watched_call.state != CallState::none) slot.set(as_stored(run));
    end_or_suspend(frame, answer);
    return answer;
  }

  __attribute__((noinline)) static Object* evaluate_call(Thread... thread, void* frame,
                                                         int is_thrown_into) {
    Object* const answer = evaluate_as_before(thread..., frame, is_thrown_into);
    end_or_suspend(frame, answer);
    return answer;
  }

  static Object* run(Thread... thread, void* frame, int is_thrown_into) {
    if (is_over()) return evaluate_as_before(thread..., frame, is_thrown_into);
    if (python::is_stack_scarce()) return evaluate_deep(thread..., frame, is_thrown_into);
    if (frame == frame_of_call) return evaluate_call(thread..., frame, is_thrown_into);
    const char* const name = is_thrown_into == 0 ? name_at_start(frame) : nullptr;
    if (name == nullptr) return evaluate_as_before(thread..., frame, is_thrown_into);
    frame_of_call = frame;
    {
      const KeepException keep_exception;
      watched_call.start(name);
    }
    return evaluate_call(thread..., frame, is_thrown_into);
  }
};

}  // namespace

Refusal begin_call_evaluation() {
  if (!slot.find() || !InterpreterFrame::are_as_expected(slot)) return Refusal::unfit;
  frame_of_call = nullptr;
  python::passes_thread() ? Hook<ThreadState*>::install() : Hook<>::install();
  return Refusal::none;
}

void end_call_evaluation() {
  frame_of_call = nullptr;
  python::passes_thread() ? Hook<ThreadState*>::remove() : Hook<>::remove();
}

}  // namespace mprofpp::agent::objects
