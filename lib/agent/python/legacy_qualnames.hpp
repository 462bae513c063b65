#pragma once

#include "python/object.hpp"

namespace mprofpp::agent::python {

/// Calls `visit(data, code, name)` for every function that `code` makes, in versions before 3.11.
/// There a code object does not know its qualified name, but the code that makes the function does.
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
