#pragma once

namespace mprofpp::agent::python {

/// Waits for an interpreter to start in this program, if it has one. Once, before it starts.
void await_interpreter();
/// The same of a program that has loaded a library since: the interpreter is in the one that has
/// this code, or there is none.
void await_late_interpreter(const void* code);

}  // namespace mprofpp::agent::python
