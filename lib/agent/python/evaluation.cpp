#include "python/c_stack.hpp"
#include "python/evaluation_slot.hpp"
#include "python/hooks.hpp"
#include "python/interpreter_frame.hpp"

/// In 3.8 to 3.11 a hook sees every Python function begin (PEP 523). What is not marked goes
/// straight on, without a frame of ours on the C stack.

namespace mprofpp::agent::python {
namespace {

constinit EvaluationSlot slot;

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

__attribute__((noinline)) Marked* decide_first(void* frame) {
  const KeepException keep_exception;
  const InterpreterFrame view(frame);
  const Ref globals = view.globals();
  return decide(view.code(), globals.get());
}

/// The hook, for interpreters that tell it the thread and for those that do not.
template <class... Thread>
struct Hook {
  using Function = EvalFrameWith<Thread...>;

  static inline constinit Function* evaluate_as_before = nullptr;

  /// With a hook, calls from Python to Python take C stack that 3.11 does not take otherwise. In
  /// the lower half of the stack it is off, so that no recursion ends earlier than without us. With
  /// somebody else's hook over ours that would gain nothing, and take theirs away.
  class Off {
   public:
    Off() : is_ours_(slot.get() == as_stored(run)) {
      if (is_ours_) slot.set(as_stored(evaluate_as_before));
    }
    ~Off() {
      if (is_ours_ && slot.get() == as_stored(evaluate_as_before)) slot.set(as_stored(run));
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
    evaluate_as_before = reinterpret_cast<Function*>(slot.get());
    slot.set(as_stored(run));
  }

  __attribute__((noinline)) static Object* evaluate_deep(Thread... thread, void* frame,
                                                         int is_thrown_into) {
    const Off hook_off;
    return evaluate_as_before(thread..., frame, is_thrown_into);
  }

  __attribute__((noinline)) static Object* evaluate_marked(Thread... thread, void* frame,
                                                           int is_thrown_into, Marked& marked) {
    if (!begin_or_resume(marked, frame, is_thrown_into)) {
      return evaluate_as_before(thread..., frame, is_thrown_into);
    }
    Object* const answer = evaluate_as_before(thread..., frame, is_thrown_into);
    end_or_suspend(marked, frame, answer);
    return answer;
  }

  static Object* run(Thread... thread, void* frame, int is_thrown_into) {
    if (is_stack_scarce()) return evaluate_deep(thread..., frame, is_thrown_into);
    Marked* marked = known(InterpreterFrame(frame).code());
    if (marked == nullptr) marked = decide_first(frame);
    if (marked->is_selected) return evaluate_marked(thread..., frame, is_thrown_into, *marked);
    return evaluate_as_before(thread..., frame, is_thrown_into);
  }
};

}  // namespace

Refusal hook_evaluation() {
  if (!slot.find() || !InterpreterFrame::are_as_expected(slot)) return Refusal::unfit;
  tells_thread() ? Hook<ThreadState*>::install() : Hook<>::install();
  return Refusal::none;
}

}  // namespace mprofpp::agent::python
