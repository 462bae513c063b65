#pragma once

#include "python/object.hpp"

namespace mprofpp::agent::python {

/// The object that programs know as `profile`: a decorator, `profile(precision=4)`, and
/// `with profile.timestamp("a name")`. Empty, with an exception, when it cannot be made.
Ref make_profile();

/// The module `mprofpp`, as `from mprofpp import profile` finds it.
Ref make_module(Object* profile);

}  // namespace mprofpp::agent::python
