#pragma once

#include "python/object.hpp"

namespace mprofpp::agent::python {

/// What an evaluation hook is given, in 3.9 to 3.11.
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
  static bool are_as_expected();

 private:
  void* frame_;
};

}  // namespace mprofpp::agent::python
