#include "python/evaluation_slot.hpp"

#include <cstddef>

namespace mprofpp::agent::python {
namespace {

AnyFunction* standard() {
  return reinterpret_cast<AnyFunction*>(py._PyEval_EvalFrameDefault);
}

AnyFunction* ask(Interpreter* interpreter) {
  return reinterpret_cast<AnyFunction*>(py._PyInterpreterState_GetEvalFrameFunc(interpreter));
}

/// Finds the slot in 3.8, which has no functions to read and set it. The slot is in the first kilobyte
/// of the interpreter's state and is followed by two kilobytes of free functions of other tools. It
/// holds the standard function unless a program has changed it. Returns null unless exactly one place
/// holds that function.
AnyFunction** find_field(Interpreter* interpreter) {
  constexpr std::size_t words = 255;
  auto* const begin = reinterpret_cast<AnyFunction**>(interpreter);
  AnyFunction** found = nullptr;
  for (auto* at = begin; at != begin + words; ++at) {
    if (*at != standard()) continue;
    if (found != nullptr) return nullptr;
    found = at;
  }
  return found;
}

}  // namespace

bool EvaluationSlot::find() {
  if (py._PyEval_EvalFrameDefault == nullptr) return false;
  interpreter_ = py.current_interpreter();
  const bool has_functions = py._PyInterpreterState_GetEvalFrameFunc != nullptr &&
                             py._PyInterpreterState_SetEvalFrameFunc != nullptr;
  if (has_functions) return true;
  if (py.version != 308) return false;
  // once a hook of ours is in the slot, it cannot be found any more
  static constinit Interpreter* searched = nullptr;
  static constinit AnyFunction** found = nullptr;
  if (searched != interpreter_) found = find_field(interpreter_);
  searched = found == nullptr ? nullptr : interpreter_;
  field_ = found;
  return field_ != nullptr;
}

AnyFunction* EvaluationSlot::get() const {
  auto* const function = field_ != nullptr ? *field_ : ask(interpreter_);
  return function != nullptr ? function : standard();
}

void EvaluationSlot::set(AnyFunction* function) const {
  if (field_ != nullptr) {
    *field_ = function;
  } else {
    py._PyInterpreterState_SetEvalFrameFunc(interpreter_, reinterpret_cast<EvalFrame*>(function));
  }
}

}  // namespace mprofpp::agent::python
