#pragma once

#include "python/evaluation_slot.hpp"
#include "python/object.hpp"

namespace mprofpp::agent::python {

/// What an evaluation hook is given, in 3.8 to 3.11.
class InterpreterFrame {
 public:
  explicit InterpreterFrame(void* frame) : frame_(frame) {}

  /// Borrowed; it lives at least as long as the frame.
  Object* code() const;
  Ref globals() const;
  /// Whether this only makes a generator (or coroutine) object, and runs none of its code.
  bool makes_generator() const;
  /// After it was run without an exception, a generator's frame.
  bool is_suspended() const;

  /// Before any other use: whether frames look as they should. With the interpreter's lock.
  static bool are_as_expected(const EvaluationSlot& slot);

 private:
  void* frame_;
};

/// Whether such a hook is told the thread first. 3.8 does not.
bool tells_thread();

}  // namespace mprofpp::agent::python
