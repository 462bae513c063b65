#include "objects/census.hpp"

#include "python/object.hpp"

namespace mprofpp::agent::objects {

using python::py;

Census::~Census() {
  for (Object* object : rest_) py.Py_DecRef(object);
  types_.clear();
}

Counted* Census::look_up(const TypeObject& type) {
  if (Counted* const known = types_.find(key_of(&type))) return known;
  Counted* const added = types_.put(key_of(&type));
  if (added != nullptr) added->recipe = recipe_of(type);
  return added;
}

bool Census::put_off(Object* object) {
  if (!rest_.add(object)) return false;
  py.Py_IncRef(object);
  return true;
}

void Census::remove(Object* object) {
  Counted* const counted = of_type(type_of(object));
  if (counted == nullptr || counted->count == 0) return;
  --counted->count;
  counted->bytes -= measured(object, counted->recipe);
}

void Census::measure_rest() {
  for (Object* object : rest_) {
    Counted* const counted = of_type(type_of(object));
    if (counted != nullptr) counted->bytes += measured_by_method(object, counted->recipe);
  }
}

bool Census::is_lower_bound() {
  bool is_lower = false;
  types_.for_each([&is_lower](const Counted& counted) {
    is_lower = is_lower || (counted.recipe.measure == Measure::code && counted.count > 0);
  });
  return is_lower;
}

}  // namespace mprofpp::agent::objects
