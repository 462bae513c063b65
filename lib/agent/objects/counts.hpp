#pragma once

#include "objects/containers.hpp"
#include "objects/index.hpp"
#include "python/object.hpp"

namespace mprofpp::agent::objects {

/// Returns the number of references to an object; -1 if it is never freed, because then they are not counted.
inline Size references_to_object(const Object* object) {
  const auto& head = *reinterpret_cast<const python::ObjectHead*>(object);
  if (python::py.version < python::has_immortal_none) return head.references;
  const auto low = static_cast<std::int32_t>(head.references);
  return low < 0 ? -1 : low;
}

/// Appends to a list. Returns false if that fails or if there is no item.
inline bool append(const python::Ref& list, const python::Ref& item) {
  return list && item && containers.PyList_Append(list.get(), item.get()) == 0;
}

}  // namespace mprofpp::agent::objects
