#pragma once

#include "python/object.hpp"

namespace mprofpp::agent::python {

/// Before 3.11 a code object does not know its qualified name; the code that makes the function
/// does. Calls `visit(code, name)` for every function that `code` makes; of later versions none.
using NestedVisit = void(void* data, Object* code, Object* name);
void visit_nested(Object* code, NestedVisit* visit, void* data);

template <class Visit>
void for_each_nested(Object* code, Visit visit) {
  visit_nested(
      code,
      [](void* data, Object* nested, Object* name) { (*static_cast<Visit*>(data))(nested, name); },
      &visit);
}

}  // namespace mprofpp::agent::python
