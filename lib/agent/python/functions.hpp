#pragma once

#include "python/object.hpp"

namespace mprofpp::agent::python {

/// `profile(function)`: every call of it is marked from now on. The answer is what the program
/// goes on with; empty, with an exception, when that failed.
Ref mark_function(Object* function);

}  // namespace mprofpp::agent::python
