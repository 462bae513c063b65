#include "python/debugging.hpp"

#include "python/hooks.hpp"

/// 3.13 loses the events of single instructions that a debugger has asked for before it sets its
/// trace function, when somebody else monitors the function too: the array of who wants which
/// instruction is made when a second one comes, and made empty. `breakpoint()` then stops a line
/// too late. So we are that second one, before, and have everything told anew.

namespace mprofpp::agent::python {
namespace {

bool wants_instructions(Object* frame) {
  const Ref value = attribute(frame, "f_trace_opcodes");
  return value && py.PyObject_IsTrue(value.get()) != 0;
}

}  // namespace

void prepare_for_tracer() {
  const KeepException keep_exception;
  Ref frame = Ref::to(py.PyEval_GetFrame());
  while (frame && frame.get() != py.none) {
    if (wants_instructions(frame.get())) {
      const Ref code(py.PyFrame_GetCode(frame.get()));
      monitor_instructions_once(code.get());
    }
    frame = attribute(frame.get(), "f_back");
  }
}

}  // namespace mprofpp::agent::python
