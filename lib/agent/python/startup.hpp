#pragma once

namespace mprofpp::agent::python {

/// Prepares for the start of the interpreter in this program, if it has one. Must be called once,
/// before the interpreter starts.
void await_interpreter();
/// Does the same for a program that may have loaded Python since: the interpreter is in the library
/// that contains this code, or there is none.
void await_embedded_interpreter(const void* code);

}  // namespace mprofpp::agent::python
