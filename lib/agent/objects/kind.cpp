#include "objects/kind.hpp"

#include <string.h>

#include "python/object.hpp"

namespace mprofpp::agent::objects {
namespace {

using python::py;

struct KnownKind {
  const char* symbol;
  Kind kind;
};
constexpr KnownKind known_kinds[] = {{"PyUnicode_Type", Kind::text},
                                     {"PyBytes_Type", Kind::bytes},
                                     {"PyByteArray_Type", Kind::byte_array},
                                     {"PyLong_Type", Kind::integer},
                                     {"PyBool_Type", Kind::boolean},
                                     {"PyFloat_Type", Kind::floating},
                                     {"PyComplex_Type", Kind::complex},
                                     {"_PyNone_Type", Kind::none},
                                     {"PyList_Type", Kind::list},
                                     {"PyTuple_Type", Kind::tuple},
                                     {"PyDict_Type", Kind::dict},
                                     {"PySet_Type", Kind::set},
                                     {"PyFrozenSet_Type", Kind::frozen_set},
                                     {"PyModule_Type", Kind::module},
                                     {"PyFunction_Type", Kind::function},
                                     {"PyCode_Type", Kind::code},
                                     {"PyFrame_Type", Kind::frame}};
constexpr int number_of_kinds = sizeof known_kinds / sizeof known_kinds[0];

constinit const void* types[number_of_kinds] = {};
constinit bool are_types_known = false;

void know_types() {
  if (are_types_known) return;
  for (int i = 0; i < number_of_kinds; ++i) types[i] = python::find_symbol(known_kinds[i].symbol);
  are_types_known = true;
}

}  // namespace

Kind kind_of(const TypeObject& type) {
  know_types();
  for (int i = 0; i < number_of_kinds; ++i) {
    if (types[i] == &type) return known_kinds[i].kind;
  }
  if (&type == &type_of(py.none)) return Kind::none;
  if ((type.flags & python::type_flag::is_type_of_types) != 0) return Kind::type;
  // no class that is written in Python has a dot in this name
  if (strcmp(type.name, "collections.deque") == 0) return Kind::deque;
  return Kind::other;
}

Size length_of(Object* object) {
  using Length = Size(Object*);
  static constinit Length* length = nullptr;
  if (length == nullptr) length = python::symbol<Length>("PyObject_Size");
  switch (kind_of(object)) {
    case Kind::text:
    case Kind::bytes:
    case Kind::byte_array:
    case Kind::list:
    case Kind::tuple:
    case Kind::dict:
    case Kind::set:
    case Kind::frozen_set:
    case Kind::deque:
      return length == nullptr ? -1 : length(object);
    default:
      return -1;
  }
}

}  // namespace mprofpp::agent::objects
