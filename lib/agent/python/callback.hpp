#pragma once

#include "python/object.hpp"

namespace mprofpp::agent::python {

/// What CPython calls with an array of arguments (PEP 590).
using Vectorcall = Object*(Object* callable, Object* const* arguments, std::size_t count,
                           Object* names);

/// An object that can be called. Unlike a PyCFunction it takes no level of the recursion limit, so
/// that it runs where the program's own function still does. Empty if it cannot be made.
Ref make_callback(Vectorcall* function);

}  // namespace mprofpp::agent::python
