#pragma once

#include <cstdint>

#include "objects/heap.hpp"

namespace mprofpp::agent::objects {

/// The types of Python itself whose objects are shown or looked into. Classes that are derived from them are
/// `other`.
enum class Kind : std::uint8_t {
  text,
  bytes,
  byte_array,
  integer,
  boolean,
  floating,
  complex,
  none,
  list,
  tuple,
  dict,
  set,
  frozen_set,
  deque,
  module,
  function,
  code,
  frame,
  type,  ///< classes, of any metaclass
  other
};

Kind kind_of(const TypeObject& type);
inline Kind kind_of(Object* object) {
  return kind_of(type_of(object));
}

/// Returns how many items an object has; -1 if it is not of a kind that has any.
Size length_of(Object* object);

}  // namespace mprofpp::agent::objects
