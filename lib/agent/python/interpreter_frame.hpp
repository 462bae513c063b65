#pragma once

#include "python/evaluation_slot.hpp"
#include "python/object.hpp"

namespace mprofpp::agent::python {

/// The frame that an evaluation hook is given, in 3.8 to 3.11.
class InterpreterFrame {
 public:
  explicit InterpreterFrame(void* frame) : frame_(frame) {}

  /// Returns a borrowed reference to the code, which lives at least as long as the frame.
  Object* code() const;
  Ref globals() const;
  /// Returns true if evaluating the frame only makes a generator (or coroutine) object and runs none
  /// of its code.
  bool makes_generator() const;
  /// Returns true if a generator is suspended. Requires that its frame has just been evaluated
  /// without an exception.
  bool is_suspended() const;
  /// Returns true if no code of the frame has run yet.
  bool is_first_run() const;
  /// Drops the local variables of a frame that has returned, as its caller is about to do, unless something
  /// else refers to the frame. This may run code of the program.
  void clear_locals() const;

  /// Returns true if frames are laid out as expected. Must be called before any other use, with the
  /// interpreter's lock.
  static bool are_as_expected(const EvaluationSlot& slot);

 private:
  void* frame_;
};

/// Returns true if the interpreter passes the thread to such a hook, as the first argument. 3.8 does
/// not.
bool passes_thread();

}  // namespace mprofpp::agent::python
