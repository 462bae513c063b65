#include "objects/functions.hpp"

#include "objects/attribute.hpp"
#include "objects/counts.hpp"
#include "objects/heap.hpp"
#include "objects/holders.hpp"
#include "objects/items.hpp"
#include "objects/kind.hpp"
#include "objects/lookup.hpp"
#include "objects/path.hpp"
#include "objects/roots.hpp"
#include "objects/size.hpp"
#include "objects/trial.hpp"
#include "objects/value.hpp"

namespace mprofpp::agent::objects {
namespace {

using python::py;
using python::Ref;

Object* argument(Object* arguments, Size i) {
  return py.PyTuple_GetItem(arguments, i);
}

std::uint64_t number(Object* arguments, Size i) {
  return static_cast<std::uint64_t>(py.PyLong_AsLong(argument(arguments, i)));
}

/// Returns None for an answer for which there was no memory.
Object* or_none(Object* answer) {
  if (answer != nullptr) return answer;
  py.PyErr_Clear();
  return python::none();
}

Object* call_find_holders(Object*, Object* arguments) {
  constexpr std::uint64_t ns_of_ms = 1'000'000;
  const HoldersRequest request{argument(arguments, 0),
                               argument(arguments, 1),
                               argument(arguments, 2),
                               number(arguments, 3),
                               static_cast<unsigned>(number(arguments, 4)),
                               number(arguments, 5) * ns_of_ms};
  return or_none(find_holders(request));
}

Object* call_find_garbage(Object*, Object* list) {
  return or_none(find_garbage(list == py.none ? nullptr : list));
}

Object* call_count_instances(Object*, Object*) {
  return or_none(count_instances());
}

Object* call_learn_frames(Object*, Object* arguments) {
  Object* const values[] = {argument(arguments, 1), argument(arguments, 2), argument(arguments, 3)};
  return py.PyLong_FromLong(learn_frames(argument(arguments, 0), values) ? 1 : 0);
}

Object* call_place_in_frame(Object*, Object* arguments) {
  return py.PyLong_FromLong(place_in_frame(argument(arguments, 0), argument(arguments, 1)));
}

/// Returns a list of Python; null if there is no memory.
Object* list_of(const Array<Object*>& objects) {
  Ref list(containers.PyList_New(0));
  for (Object* const object : objects) {
    if (!append(list, Ref::to(object))) return nullptr;
  }
  return list.release();
}

Object* call_referents_of(Object*, Object* object) {
  Array<Object*> found;
  traverse(
      object,
      [](Object* referent, void* all) {
        return referent == nullptr || static_cast<Array<Object*>*>(all)->add(referent) ? 0 : 1;
      },
      &found);
  return list_of(found);
}

Ref text_object(const Text& text) {
  return Ref(containers.PyUnicode_FromStringAndSize(text.bytes(), static_cast<Size>(text.size())));
}

Object* call_object_at(Object*, Object* path) {
  Text why;
  const Ref object = find_path(python::text_of(path), why);
  if (object) return containers.Py_BuildValue("OO", object.get(), py.none);
  const Ref reason = text_object(why);
  return reason ? containers.Py_BuildValue("OO", py.none, reason.get()) : nullptr;
}

Object* call_name_of_type(Object*, Object* type) {
  Text name;
  add_name(*reinterpret_cast<const TypeObject*>(type), name);
  return text_object(name).release();
}

Object* call_value_of(Object*, Object* object) {
  Text value;
  auto shown = Shown::by_us;
  add_value(value, object, shown);
  return text_object(value).release();
}

Object* call_size_of(Object*, Object* object) {
  return containers.Py_BuildValue("n", static_cast<Size>(size_of(object)));
}

Object* place_in_dict(Object* dict, Object* wanted) {
  Size position = 0;
  Object *key = nullptr, *value = nullptr;
  while (next_item(dict, position, key, value)) {
    if (value == wanted) return containers.Py_BuildValue("iO", 1, key);
    if (key == wanted) return containers.Py_BuildValue("iO", 2, key);
  }
  return containers.Py_BuildValue("iO", 0, py.none);
}

template <class GetItem>
Object* place_in_items(Object* items, Size count, Object* wanted, GetItem get) {
  for (Size i = 0; i < count; ++i) {
    if (get(items, i) == wanted) return containers.Py_BuildValue("in", 1, i);
  }
  return containers.Py_BuildValue("iO", 0, py.none);
}

Object* call_place_in(Object*, Object* arguments) {
  Object* const container = argument(arguments, 0);
  Object* const wanted = argument(arguments, 1);
  const auto flags = type_of(container).flags;
  if ((flags & python::type_flag::is_dict) != 0) return place_in_dict(container, wanted);
  if ((flags & python::type_flag::is_tuple) != 0) {
    return place_in_items(container, py.PyTuple_Size(container), wanted, py.PyTuple_GetItem);
  }
  return place_in_items(container, containers.PyList_Size(container), wanted,
                        containers.PyList_GetItem);
}

Object* call_keys_of_type(Object*, Object* type) {
  Array<Object*> names;  // without memory, some are missing
  if (kind_of(type) == Kind::type)
    add_shared_names(*reinterpret_cast<const TypeObject*>(type), names);
  return list_of(names);
}

}  // namespace

const python::Method functions[] = {
    {"find_holders", reinterpret_cast<void*>(call_find_holders), python::takes::positional,
     nullptr},
    {"find_garbage", reinterpret_cast<void*>(call_find_garbage), python::takes::one, nullptr},
    {"count_instances", reinterpret_cast<void*>(call_count_instances), python::takes::nothing,
     nullptr},
    {"learn_frames", reinterpret_cast<void*>(call_learn_frames), python::takes::positional,
     nullptr},
    {"place_in_frame", reinterpret_cast<void*>(call_place_in_frame), python::takes::positional,
     nullptr},
    {"referents_of", reinterpret_cast<void*>(call_referents_of), python::takes::one, nullptr},
    {"object_at", reinterpret_cast<void*>(call_object_at), python::takes::one, nullptr},
    {"name_of_type", reinterpret_cast<void*>(call_name_of_type), python::takes::one, nullptr},
    {"value_of", reinterpret_cast<void*>(call_value_of), python::takes::one, nullptr},
    {"size_of", reinterpret_cast<void*>(call_size_of), python::takes::one, nullptr},
    {"place_in", reinterpret_cast<void*>(call_place_in), python::takes::positional, nullptr},
    {"keys_of_type", reinterpret_cast<void*>(call_keys_of_type), python::takes::one, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

bool prepare_functions() {
  return containers.find();
}

}  // namespace mprofpp::agent::objects
