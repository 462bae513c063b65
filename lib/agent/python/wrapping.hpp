#pragma once

#include "python/object.hpp"

namespace mprofpp::agent::python {

/// Where code cannot be watched: a function that marks its calls and calls the other one.
/// Whatever it cannot wrap comes back as it is.
Ref wrap(Object* function, const char* name);

}  // namespace mprofpp::agent::python
