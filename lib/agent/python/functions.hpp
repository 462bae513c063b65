#pragma once

#include "python/object.hpp"

namespace mprofpp::agent::python {

/// Implements `profile(function)`: every call of the function is marked from now on. Returns the
/// object with which the program continues; an empty Ref, with an exception, on failure. `precision` is
/// the number of decimals in a table of its lines, or no_precision.
Ref mark_function(Object* function, int precision);

/// Marks a function that the program continues to use as it is. Leaves it unmarked if its code
/// cannot be watched.
void mark_by_code(Object* function);

}  // namespace mprofpp::agent::python
