#include "objects/attribute.hpp"

#include "objects/items.hpp"
#include "objects/kind.hpp"
#include "objects/lookup.hpp"

namespace mprofpp::agent::objects {
namespace {

using python::py;
using python::Ref;

using GetAttribute = Object*(Object*, Object*);
using GetDict = Object*(Object*);
using GetOwnDict = Object*(Object*, void*);
using Compare = int(Object*, Object*);

struct Functions {
  bool is_known;
  GetAttribute* get_attribute;
  GetDict* dict_of_module;
  GetOwnDict* dict_of_object;
  Compare* compare;
  const TypeObject* type_of_slots;
};
constinit Functions functions{};

const Functions& known_functions() {
  if (!functions.is_known) {
    functions = {true,
                 python::symbol<GetAttribute>("PyObject_GenericGetAttr"),
                 python::symbol<GetDict>("PyModule_GetDict"),
                 python::symbol<GetOwnDict>("PyObject_GenericGetDict"),
                 python::symbol<Compare>("PyUnicode_Compare"),
                 static_cast<const TypeObject*>(python::find_symbol("PyMemberDescr_Type"))};
  }
  return functions;
}

/// Returns the keys that the objects of a class share; null if they share none. A class has them after its
/// qualified name.
const python::Keys* shared_keys(const TypeObject& type) {
  const unsigned long wanted =
      python::type_flag::has_managed_dict | python::type_flag::is_made_at_run_time;
  if (py.version < python::has_shared_keys || (type.flags & wanted) != wanted) return nullptr;
  const Ref name(property_of_type(type, Name::qualified_name));
  const auto* const words = reinterpret_cast<Object* const*>(&type);
  const auto count = static_cast<std::size_t>(type_of(as_object(type)).basic_size) / sizeof(void*);
  for (std::size_t i = sizeof(TypeObject) / sizeof(void*); i + 3 < count; ++i) {
    if (words[i] != name.get()) continue;
    // the name, which is often the same object, the slots, the qualified name, and the keys
    const auto place = words[i + 2] == name.get() ? i + 2 : i;
    return reinterpret_cast<const python::Keys*>(words[place + 1]);
  }
  return nullptr;
}

/// Calls a function with the names of the slots that a class and its bases have.
template <class Take>
void for_each_slot(const TypeObject& type, const Take& take) {
  const TypeObject* at = &type;
  for (; at != nullptr && (at->flags & python::type_flag::is_made_at_run_time) != 0;
       at = at->base) {
    if (at->dict == nullptr) continue;
    for_each_item(at->dict, [&take](Object* name, Object* value) {
      if (&type_of(value) == known_functions().type_of_slots) take(name);
    });
  }
}

/// Returns true if looking the attribute up in an object calls nothing: the class has no such attribute, or
/// one that is a plain value, or a slot.
bool is_inert(Object* of_class) {
  if (of_class == nullptr) return true;
  const auto& type = type_of(of_class);
  return &type == known_functions().type_of_slots || (type.get == nullptr && type.set == nullptr);
}

/// Returns what is stored in an object under a name for which its class has code, such as a
/// functools.cached_property. If nothing is, returns that if it is a function. Data descriptors, such as a
/// property, come before what is stored.
Ref stored_despite(Object* of_class, Object* object, Object* name) {
  auto* const dict_of_object = known_functions().dict_of_object;
  if (type_of(of_class).set != nullptr || dict_of_object == nullptr) return Ref();
  const Ref names(dict_of_object(object, nullptr));
  if (!names) py.PyErr_Clear();
  Object* const stored = names ? item_called(names.get(), name) : nullptr;
  if (stored != nullptr) return Ref::to(stored);
  return kind_of(of_class) == Kind::function ? Ref::to(of_class) : Ref();
}

/// Returns an attribute for which the class of an object has no code.
Ref plain_attribute(Object* object, Object* name) {
  auto* const get_attribute = known_functions().get_attribute;
  Ref value(get_attribute == nullptr ? nullptr : get_attribute(object, name));
  if (!value) py.PyErr_Clear();
  return value;
}

/// Finds the name of the attribute that has a value, without code and without a dict.
class NameSearch {
 public:
  NameSearch(Object* object, Object* value) : object_(object), value_(value) {}

  void look_at(Object* name) {
    if (found_ != nullptr || !is_text(name)) return;
    if (!is_inert(found_in_type(type_of(object_), name))) {
      computed_ = name;
      ++number_of_computed_;
    } else if (plain_attribute(object_, name).get() == value_) {
      found_ = name;
    }
  }
  /// If no other attribute has it, it is in the one that the class computes unless it is stored.
  Object* found() const {
    if (found_ != nullptr || number_of_computed_ != 1) return found_;
    const bool is_dict_of_all = is_dict(value_) && item_called(value_, computed_) != nullptr;
    return is_dict_of_all ? nullptr : computed_;
  }

 private:
  Object* object_;
  Object* value_;
  Object* found_ = nullptr;
  Object* computed_ = nullptr;
  int number_of_computed_ = 0;
};

}  // namespace

bool add_shared_names(const TypeObject& type, Array<Object*>& names) {
  const auto* const keys = shared_keys(type);
  if (keys == nullptr || keys->kind != python::kind_of_shared_keys) return true;
  struct Entry {
    Object* key;
    Object* value;
  };
  const auto* const entries =
      reinterpret_cast<const Entry*>(keys->indices + (std::size_t{1} << keys->index_bytes_log2));
  for (Size i = 0; i < keys->entries; ++i) {
    if (entries[i].key != nullptr && !names.add(entries[i].key)) return false;
  }
  return true;
}

Object* item_called(Object* dict, Object* name) {
  auto* const compare = known_functions().compare;
  Size position = 0;
  Object *key = nullptr, *value = nullptr;
  while (compare != nullptr && next_item(dict, position, key, value)) {
    if (key == name || (is_text(key) && compare(key, name) == 0)) return value;
  }
  return nullptr;
}

Object* key_with(Object* dict, Object* value) {
  Object* found = nullptr;
  for_each_item(dict, [&found, value](Object* key, Object* item) {
    if (item == value && found == nullptr) found = key;
  });
  return found;
}

Object* attribute_with(Object* object, Object* value) {
  NameSearch search(object, value);
  Array<Object*> names;
  add_shared_names(type_of(object), names);  // without memory it is not found
  for (Object* const name : names) search.look_at(name);
  for_each_slot(type_of(object), [&search](Object* name) { search.look_at(name); });
  return search.found();
}

Ref stored_attribute(Object* object, Object* name) {
  const auto& known = known_functions();
  const Kind kind = kind_of(object);
  if (kind == Kind::module && known.dict_of_module != nullptr) {
    return Ref::to(item_called(known.dict_of_module(object), name));
  }
  if (kind == Kind::type)
    return Ref::to(found_in_type(*reinterpret_cast<TypeObject*>(object), name));
  Object* const of_class = found_in_type(type_of(object), name);
  return is_inert(of_class) ? plain_attribute(object, name)
                            : stored_despite(of_class, object, name);
}

}  // namespace mprofpp::agent::objects
