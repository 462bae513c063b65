#pragma once

namespace mprofpp::agent::python {

/// Waits for an interpreter to start in this program, if it has one. Once, before it starts.
void await_interpreter();

}  // namespace mprofpp::agent::python
