#include "door/own_classes.hpp"

#include <string.h>

#include "objects/counts.hpp"
#include "objects/heap.hpp"
#include "objects/items.hpp"
#include "objects/lookup.hpp"

namespace mprofpp::agent::door {
namespace {

using objects::type_of;
using python::Object;
using python::py;
using python::Size;
using python::TypeObject;

bool is_class_of(Object* object, const char* module) {
  if ((type_of(object).flags & python::type_flag::is_type_of_types) == 0) return false;
  const auto& itself = *reinterpret_cast<const TypeObject*>(object);
  if ((itself.flags & python::type_flag::is_made_at_run_time) == 0) return false;
  const python::Ref found(objects::property_of_type(itself, objects::Name::module));
  const auto name = objects::text_in(found.get());
  return name.length == strlen(module) && memcmp(name.bytes, module, name.length) == 0;
}

/// Returns how often a class refers to itself: in its order of bases, and in its descriptors in C.
Size references_to_itself(const Object* object) {
  Size count = 1, position = 0;
  Object *name = nullptr, *value = nullptr;
  while (objects::next_item(reinterpret_cast<const TypeObject*>(object)->dict, position, name,
                            value)) {
    if (strcmp(type_of(value).name, "getset_descriptor") == 0) ++count;
  }
  return count;
}

}  // namespace

void OwnClasses::take(Object* names, const char* module) {
  Size position = 0;
  Object *name = nullptr, *value = nullptr;
  while (objects::next_item(names, position, name, value)) {
    if (is_class_of(value, module) && classes_.add(value)) py.Py_IncRef(value);
  }
}

void OwnClasses::clear() {
  for (Object* const each : classes_) {
    const auto ours = 1 + references_to_itself(each);
    if (objects::references_to_object(each) == ours) type_of(each).clear(each);
    py.Py_DecRef(each);
  }
  classes_.clear();
}

}  // namespace mprofpp::agent::door
