#pragma once

#include "python/object.hpp"

namespace mprofpp::agent::python {

/// A function that CPython calls with an array of arguments (PEP 590).
using Vectorcall = Object*(Object* callable, Object* const* arguments, std::size_t count,
                           Object* names);

/// Makes an object that can be called. Unlike a PyCFunction it takes no level of the recursion
/// limit, so it can run wherever the program's own function still can. Returns an empty Ref on
/// failure.
Ref make_callback(Vectorcall* function);

}  // namespace mprofpp::agent::python
