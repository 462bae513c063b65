#pragma once

namespace mprofpp::agent::python {

/// Returns true if half of the running thread's C stack is used up.
bool is_stack_scarce();

}  // namespace mprofpp::agent::python
