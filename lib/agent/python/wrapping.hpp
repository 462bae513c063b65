#pragma once

#include "python/object.hpp"

namespace mprofpp::agent::python {

/// Wraps a function whose code cannot be watched in one that marks its calls and calls it. Returns
/// the function itself if it cannot be wrapped.
Ref wrap(Object* function, const char* name);

}  // namespace mprofpp::agent::python
