#pragma once

#include "python/api.hpp"

namespace mprofpp::agent::python {

/// The place where an interpreter stores the function that evaluates its frames (PEP 523): an
/// EvalFrame, in 3.8 one without the thread. Requires the interpreter's lock.
class EvaluationSlot {
 public:
  constexpr EvaluationSlot() = default;

  /// Finds the slot of the running interpreter. Must be called before any other use. Returns false
  /// if there is none.
  bool find();

  /// Never returns null.
  AnyFunction* get() const;
  void set(AnyFunction* function) const;

 private:
  Interpreter* interpreter_ = nullptr;
  AnyFunction** field_ = nullptr;  ///< set if CPython has no functions to read and set the slot
};

}  // namespace mprofpp::agent::python
