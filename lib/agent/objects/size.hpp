#pragma once

#include <cstdint>

#include "objects/heap.hpp"

namespace mprofpp::agent::objects {

/// How the objects of a type are measured. All agree with sys.getsizeof(), and run none of the program's
/// code.
enum class Measure : std::uint8_t {
  fixed,  ///< all have the same size
  items,  ///< by the number in their head
  list,   ///< these know how large they are
  dict,
  set,
  inline_values,  ///< from 3.13 on, with values of attributes after the object
  method,         ///< by a function of Python itself
  foreign,        ///< by a function in C of an extension: after the visit
  code            ///< by a `__sizeof__` in Python
};

/// How the objects of one type are measured.
struct Recipe {
  Object* method = nullptr;  ///< `__sizeof__`, if it is a function in C; borrowed
  std::uint32_t basic = 0;   ///< with what is before the object, unless `is_before_varying`
  std::uint32_t item = 0;    ///< of `inline_values`: all of them; 0 until one object had some
  Measure measure = Measure::fixed;
  bool is_before_varying = false;  ///< of types of types: some have no head of the collector
};

/// Returns how the objects of that type are measured.
Recipe recipe_of(const TypeObject& type);

/// Returns what sys.getsizeof() gives for an object of the recipe's type. For the measure `code` that is what
/// object.__sizeof__ gives. May note in the recipe what it has found out.
std::size_t measured(Object* object, Recipe& recipe);

/// Returns the result of the recipe's method, with what is before the object.
std::size_t measured_by_method(Object* object, const Recipe& recipe);

/// Returns the same for any object.
inline std::size_t size_of(Object* object) {
  Recipe recipe = recipe_of(type_of(object));
  return measured(object, recipe);
}

}  // namespace mprofpp::agent::objects
