#pragma once

#include "python/object.hpp"

namespace mprofpp::agent::python {

/// Makes the object that programs know as `profile`: it is used as a decorator, as
/// `profile(precision=4)`, and in `with profile.timestamp("a name")`. Returns an empty Ref, with an
/// exception, on failure.
Ref make_profile();

/// Makes the module `mprofpp`, which `from mprofpp import profile` finds.
Ref make_module(Object* profile);

}  // namespace mprofpp::agent::python
