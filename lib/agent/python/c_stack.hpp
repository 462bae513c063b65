#pragma once

namespace mprofpp::agent::python {

/// Whether half of the running thread's C stack is used up.
bool is_stack_scarce();

}  // namespace mprofpp::agent::python
