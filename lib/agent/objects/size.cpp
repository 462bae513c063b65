#include "objects/size.hpp"

#include <string.h>

#include "objects/lookup.hpp"
#include "python/object.hpp"

namespace mprofpp::agent::objects {
namespace {

using python::py;
using python::Ref;

constexpr int has_measured_values = 313;
constexpr int has_managed_words = 311;
constexpr std::size_t of_head = sizeof(python::CollectorHead);

/// The functions by which Python's own types are measured.
struct KnownMethods {
  bool is_known;
  const python::Method* of_object;
  const python::Method* of_list;
  const python::Method* of_dict;
  const python::Method* of_set;
};
constinit KnownMethods known{};

const python::Method* method_of_type(const char* symbol) {
  auto* const type = static_cast<TypeObject*>(python::find_symbol(symbol));
  Object* const found = type == nullptr ? nullptr : found_in_type(*type, Name::size_of);
  return found == nullptr ? nullptr : method_in(found);
}

void know_methods() {
  if (known.is_known) return;
  known = {true, method_of_type("PyBaseObject_Type"), method_of_type("PyList_Type"),
           method_of_type("PyDict_Type"), method_of_type("PySet_Type")};
}

/// Returns true if a method of that type is Python's own, so that it neither runs code nor makes objects
/// that the collector tracks.
bool is_of_python(const TypeObject& type) {
  static constexpr const char* modules[] = {"collections.",
                                            "array.",
                                            "_io.",
                                            "decimal.",
                                            "_struct.",
                                            "itertools.",
                                            "mmap.",
                                            "_pickle.",
                                            "_ctypes.",
                                            "_asyncio.",
                                            "re.",
                                            "functools.",
                                            "xml.etree.ElementTree.",
                                            "types."};
  if (strchr(type.name, '.') == nullptr) return true;
  for (const char* module : modules) {
    if (strncmp(type.name, module, strlen(module)) == 0) return true;
  }
  return false;
}

bool has_inline_values(const TypeObject& type) {
  return py.version >= has_measured_values &&
         (type.flags & python::type_flag::has_inline_values) != 0;
}

/// Returns how to measure objects whose `__sizeof__` is that method.
Measure measure_by(const TypeObject& type, const python::Method* method, Object* descriptor) {
  if (method == known.of_object) {
    if (has_inline_values(type)) return Measure::inline_values;
    return type.item_size > 0 ? Measure::items : Measure::fixed;
  }
  if (method == known.of_list) return Measure::list;
  if (method == known.of_dict) return Measure::dict;
  if (method == known.of_set) return Measure::set;
  if (!can_call(*method)) return Measure::code;
  return is_of_python(owner_of(descriptor)) ? Measure::method : Measure::foreign;
}

/// Returns the bytes before the objects of a type, apart from the head of the collector.
std::size_t managed_words(const TypeObject& type) {
  if (py.version < has_managed_words) return 0;
  unsigned flags = python::type_flag::has_managed_dict;
  if (py.version > has_managed_words) flags |= python::type_flag::has_managed_weak_references;
  return (type.flags & flags) != 0 ? 2 * sizeof(void*) : 0;
}

/// Returns the size of the head of the collector of an object whose type does not decide that.
std::size_t varying_head(Object* object) {
  return is_collected(object) ? of_head : 0;
}

// Sizes

std::size_t items_in(Object* object, const Recipe& recipe) {
  if (recipe.item == 0) return 0;
  const auto count = reinterpret_cast<const python::ObjectHead*>(object)->items;
  return recipe.item * static_cast<std::size_t>(count < 0 ? -count : count);
}

std::size_t size_of_list(Object* object) {
  return static_cast<std::size_t>(reinterpret_cast<const python::List*>(object)->room) *
         sizeof(Object*);
}

std::size_t size_of_old_keys(const python::OldKeys& keys) {
  constexpr std::size_t of_start = 5 * sizeof(void*), of_entry = 3 * sizeof(void*);
  const auto places = static_cast<std::size_t>(keys.places);
  const std::size_t of_index = places <= 0xFF         ? 1
                               : places <= 0xFFFF     ? 2
                               : places <= 0xFFFFFFFF ? 4
                                                      : 8;
  return of_start + of_index * places + of_entry * (places * 2 / 3);
}

std::size_t size_of_keys(const python::Keys& keys) {
  const std::size_t of_entry = (keys.kind == 0 ? 3 : 2) * sizeof(void*);
  const auto usable = (std::size_t{2} << keys.places_log2) / 3;
  return offsetof(python::Keys, indices) + (std::size_t{1} << keys.index_bytes_log2) +
         of_entry * usable;
}

/// Dicts that share keys are measured by their method, because that differs between versions.
std::size_t size_of_dict(Object* object, const Recipe& recipe) {
  const auto& dict = *reinterpret_cast<const python::Dict*>(object);
  if (dict.values != nullptr) return measured_by_method(object, recipe);
  if (*static_cast<const Size*>(dict.keys) != 1) return recipe.basic;  // an empty dict
  if (py.version < python::has_adaptive_code) {
    return recipe.basic + size_of_old_keys(*static_cast<const python::OldKeys*>(dict.keys));
  }
  return recipe.basic + size_of_keys(*static_cast<const python::Keys*>(dict.keys));
}

std::size_t size_of_set(Object* object) {
  const auto& set = *reinterpret_cast<const python::Set*>(object);
  if (set.table == static_cast<const void*>(set.small_table)) return 0;
  return static_cast<std::size_t>(set.mask + 1) * 2 * sizeof(void*);
}

/// Returns the size of the values after an object, which it no longer uses once it has a dict. All objects of
/// a type have the same room for them, which is asked for once.
std::size_t size_of_values(Object* object, Recipe& recipe) {
  constexpr std::size_t place_of_validity = 3;
  const auto* const values =
      reinterpret_cast<const unsigned char*>(object) + type_of(object).basic_size;
  if (values[place_of_validity] == 0) return 0;
  if (recipe.item == 0) {
    recipe.item = static_cast<std::uint32_t>(measured_by_method(object, recipe) - recipe.basic);
  }
  return recipe.item;
}

}  // namespace

Recipe recipe_of(const TypeObject& type) {
  know_methods();
  Object* const descriptor = found_in_type(type, Name::size_of);
  Recipe recipe;
  const auto* const method = descriptor == nullptr ? nullptr : method_in(descriptor);
  recipe.method = method == nullptr ? nullptr : descriptor;
  recipe.measure = descriptor == nullptr ? Measure::items
                   : method == nullptr   ? Measure::code
                                         : measure_by(type, method, descriptor);
  recipe.item =
      recipe.measure == Measure::inline_values ? 0 : static_cast<std::uint32_t>(type.item_size);
  recipe.is_before_varying = type.is_collected != nullptr;
  const bool has_head =
      !recipe.is_before_varying && (type.flags & python::type_flag::is_collected) != 0;
  recipe.basic = static_cast<std::uint32_t>(static_cast<std::size_t>(type.basic_size) +
                                            managed_words(type) + (has_head ? of_head : 0));
  return recipe;
}

std::size_t measured_by_method(Object* object, const Recipe& recipe) {
  const auto& type = type_of(object);
  const std::size_t before = recipe.basic - static_cast<std::size_t>(type.basic_size) +
                             (recipe.is_before_varying ? varying_head(object) : 0);
  const Ref size(recipe.method == nullptr ? nullptr : call_method(object, recipe.method));
  const long known_size = size ? py.PyLong_AsLong(size.get()) : -1;
  if (known_size >= 0) return before + static_cast<std::size_t>(known_size);
  py.PyErr_Clear();
  return before + static_cast<std::size_t>(type.basic_size);
}

std::size_t measured(Object* object, Recipe& recipe) {
  switch (recipe.measure) {
    case Measure::fixed:
      break;
    case Measure::items:
    case Measure::code:
      return recipe.basic + items_in(object, recipe) +
             (recipe.is_before_varying ? varying_head(object) : 0);
    case Measure::list:
      return recipe.basic + size_of_list(object);
    case Measure::dict:
      return size_of_dict(object, recipe);
    case Measure::set:
      return recipe.basic + size_of_set(object);
    case Measure::inline_values:
      return recipe.basic + size_of_values(object, recipe);
    case Measure::method:
    case Measure::foreign:
      return measured_by_method(object, recipe);
  }
  return recipe.basic + (recipe.is_before_varying ? varying_head(object) : 0);
}

}  // namespace mprofpp::agent::objects
