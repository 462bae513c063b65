#include "core/environment.hpp"
#include "python/attached.hpp"
#include "python/c_stack.hpp"
#include "python/evaluation_slot.hpp"
#include "python/hooks.hpp"
#include "python/interpreter_frame.hpp"
#include "python/line_tracing.hpp"

/// In 3.8 to 3.11 a hook is called when any Python function starts (PEP 523). A function that is not
/// marked is evaluated by a tail call, without a frame of ours on the C stack.

namespace mprofpp::agent::python {
namespace {

constinit EvaluationSlot slot;
constinit bool is_hooked = false;

/// Returns false if no code of the function is going to run: a generator object is only made, or an
/// exception is thrown into it before it has started (when it is closed, for example).
bool begin_or_resume(Marked& marked, void* frame, int is_thrown_into) {
  if (environment().is_adopted()) end_marks_without_recorder();
  const auto owner = owner_of(frame);
  if (marked.suspends != Suspends::never) {
    if (InterpreterFrame(frame).makes_generator()) return false;
    const bool is_call_resumed = marked.is_selected && resume(owner);
    const bool are_lines_resumed = marked.lines != nullptr && resume_lines(owner);
    if (is_call_resumed || are_lines_resumed) return true;
    if (is_thrown_into != 0) return false;
  }
  if (marked.is_selected) begin(marked.place, owner, marked.suspends);
  if (marked.lines != nullptr) {
    Object* const code = InterpreterFrame(frame).code();
    begin_lines(*marked.lines, owner, code, marked.role, marked.suspends);
  }
  return true;
}

void end_or_suspend(const Marked& marked, void* frame, const Object* answer) {
  const bool can_be_suspended = marked.suspends != Suspends::never;
  const auto owner = owner_of(frame);
  if (answer == nullptr) {
    if (marked.lines != nullptr) end_lines(owner);
    if (!marked.is_selected) return;
    const bool is_closed = can_be_suspended && py.PyErr_ExceptionMatches(*py.generator_exit) != 0;
    return end(owner, is_closed ? 0 : wire::raised);
  }
  const bool is_suspended = can_be_suspended && InterpreterFrame(frame).is_suspended();
  if (marked.lines != nullptr) is_suspended ? suspend_lines(owner) : end_lines(owner);
  if (marked.is_selected) is_suspended ? suspend(owner) : end(owner, 0);
}

__attribute__((noinline)) Marked* decide_first(void* frame) {
  const KeepException keep_exception;
  const InterpreterFrame view(frame);
  const Ref globals = view.globals();
  return decide(view.code(), globals.get());
}

/// The hook, for interpreters that pass it the thread and for those that do not.
template <class... Thread>
struct Hook {
  using Function = EvalFrameWith<Thread...>;

  static inline constinit Function* evaluate_as_before = nullptr;
  static inline constinit bool is_installed_below_others = false;

  /// With a hook, calls from Python to Python take C stack that 3.11 does not need otherwise. In the
  /// lower half of the stack the hook is removed, so that no recursion fails earlier than without us, and
  /// so is our trace function, because calls take more of the stack while there is one.
  /// It stays if another tool has put its hook over ours: removing it would gain nothing, and would
  /// remove the other hook.
  class Off {
   public:
    Off() : is_ours_(slot.get() == as_stored(run)) {
      if (is_ours_) slot.set(as_stored(evaluate_as_before));
    }
    ~Off() {
      const bool is_missing = is_ours_ && slot.get() == as_stored(evaluate_as_before);
      if (is_missing && is_hooked) slot.set(as_stored(run));
    }
    Off(const Off&) = delete;
    Off& operator=(const Off&) = delete;

   private:
    bool is_ours_;
  };

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

  __attribute__((noinline)) static Object* evaluate_deep(Thread... thread, void* frame,
                                                         int is_thrown_into) {
    const Off hook_off;
    const TracedFrame untraced(tracing_of(thread...), FrameLines::left_out);
    return evaluate_as_before(thread..., frame, is_thrown_into);
  }

  __attribute__((always_inline)) static Object* evaluate_noting(Thread... thread, void* frame,
                                                                int is_thrown_into,
                                                                Marked& marked) {
    if (!begin_or_resume(marked, frame, is_thrown_into)) {
      return evaluate_as_before(thread..., frame, is_thrown_into);
    }
    Object* const answer = evaluate_as_before(thread..., frame, is_thrown_into);
    end_or_suspend(marked, frame, answer);
    return answer;
  }

  __attribute__((noinline)) static Object* evaluate_marked(Thread... thread, void* frame,
                                                           int is_thrown_into, Marked& marked) {
    return evaluate_noting(thread..., frame, is_thrown_into, marked);
  }

  __attribute__((noinline)) static Object* evaluate_traced(Thread... thread, void* frame,
                                                           int is_thrown_into, Marked& marked) {
    const auto lines = marked.lines != nullptr ? FrameLines::counted : FrameLines::left_out;
    const TracedFrame traced(tracing_of(thread...), lines);
    if (marked.is_watched()) return evaluate_noting(thread..., frame, is_thrown_into, marked);
    return evaluate_as_before(thread..., frame, is_thrown_into);
  }

  static Object* run(Thread... thread, void* frame, int is_thrown_into) {
    if (is_stack_scarce()) return evaluate_deep(thread..., frame, is_thrown_into);
    Marked* marked = marked_of(InterpreterFrame(frame).code());
    if (marked == nullptr) marked = decide_first(frame);
    if (marked->lines != nullptr || (are_lines_traced() && tracing_of(thread...).is_ours())) {
      return evaluate_traced(thread..., frame, is_thrown_into, *marked);
    }
    if (marked->is_selected) return evaluate_marked(thread..., frame, is_thrown_into, *marked);
    return evaluate_as_before(thread..., frame, is_thrown_into);
  }
};

}  // namespace

Refusal hook_evaluation() {
  if (!slot.find() || !InterpreterFrame::are_as_expected(slot)) return Refusal::unfit;
  prepare_line_tracing();
  is_hooked = true;
  passes_thread() ? Hook<ThreadState*>::install() : Hook<>::install();
  return Refusal::none;
}

void unhook_evaluation() {
  is_hooked = false;
  passes_thread() ? Hook<ThreadState*>::remove() : Hook<>::remove();
  stop_line_tracing();
  forget_codes([](Object*) {});
}

}  // namespace mprofpp::agent::python
