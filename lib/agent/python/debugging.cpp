#include "python/debugging.hpp"

#include "python/hooks.hpp"

/// 3.13 loses the events of single instructions that a debugger has requested before it sets its
/// trace function, if another tool monitors the function too: the array of which tool wants which
/// instruction is created when a second tool comes, and it is created empty. `breakpoint()` then stops
/// a line too late. So we are that second tool, beforehand, and have all events enabled again.

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
