#pragma once

#include "objects/array.hpp"
#include "objects/heap.hpp"
#include "python/object.hpp"

namespace mprofpp::agent::objects {

/// Returns an attribute that is stored in a module, a class or an object, or in a slot, or a function of its
/// class; nothing if there is no such attribute, or code would have to compute it. A value that
/// functools.cached_property has computed is stored: to find it may make the dict that vars() returns.
/// `name` is a str.
python::Ref stored_attribute(Object* object, Object* name);

/// Returns the value of a key that is a str, without comparing the key with keys that are not; borrowed.
Object* item_called(Object* dict, Object* name);

/// Returns the key of a dict, or of an object of a class that is derived from dict, that has this value;
/// borrowed, and null if none has.
Object* key_with(Object* dict, Object* value);

/// Adds the names of attributes that the objects of a class have in common from 3.11 on, borrowed. Returns
/// false if there is no memory.
bool add_shared_names(const TypeObject& type, Array<Object*>& names);

/// Returns the name of the attribute of an object in which a value is stored without a dict: in a slot, or
/// with the object itself. Borrowed; null if it is in none of these.
Object* attribute_with(Object* object, Object* value);

}  // namespace mprofpp::agent::objects
