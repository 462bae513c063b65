#pragma once

#include "objects/heap.hpp"

namespace mprofpp::agent::objects {

/// Finds the next item of a dict, with borrowed references; compares no keys. `position` starts with 0.
/// Returns false if there are no more.
bool next_item(Object* dict, Size& position, Object*& key, Object*& value);

/// Calls a function with each key and value of a dict, or of an object of a class that is derived from it.
template <class Take>
void for_each_item(Object* dict, const Take& take) {
  Size position = 0;
  Object *key = nullptr, *value = nullptr;
  while (next_item(dict, position, key, value)) take(key, value);
}

inline bool is_dict(const Object* object) {
  return (type_of(object).flags & python::type_flag::is_dict) != 0;
}

}  // namespace mprofpp::agent::objects
