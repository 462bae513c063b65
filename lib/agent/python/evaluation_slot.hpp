#pragma once

#include "python/api.hpp"

namespace mprofpp::agent::python {

/// Where an interpreter keeps the function that evaluates its frames (PEP 523): an EvalFrame,
/// in 3.8 one without the thread. With the interpreter's lock.
class EvaluationSlot {
 public:
  constexpr EvaluationSlot() = default;

  /// Before any other use: that of the interpreter which runs now. False where it is not found.
  bool find();

  /// Never null.
  AnyFunction* get() const;
  void set(AnyFunction* function) const;

 private:
  Interpreter* interpreter_ = nullptr;
  AnyFunction** field_ = nullptr;  ///< where there are no functions for it
};

}  // namespace mprofpp::agent::python
