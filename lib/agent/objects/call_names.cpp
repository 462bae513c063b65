#include "objects/call_names.hpp"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "objects/array.hpp"
#include "objects/heap.hpp"
#include "python/code.hpp"

namespace mprofpp::agent::objects {
namespace {

using python::attribute;
using python::py;
using python::Ref;

using GetGlobals = Object*(Object*);

/// The functions of the program, with references.
struct FunctionList {
  const void* type = python::find_symbol("PyFunction_Type");
  Array<Object*> items = {};

  static bool visit(Object* object, void* list) {
    auto& all = *static_cast<FunctionList*>(list);
    if (&type_of(object) != all.type || !all.items.add(object)) return true;
    py.Py_IncRef(object);
    return true;
  }
};

bool starts_with(const char* text, const char* beginning) {
  return strncmp(text, beginning, strlen(beginning)) == 0;
}

wire::TextView view_of(const char* text) {
  return {text, strlen(text)};
}

}  // namespace

void CallNames::begin(const char* pattern) {
  strncpy(pattern_, pattern, sizeof pattern_ - 1);
  if (py.version < python::has_qualified_name) decide_functions();
}

void CallNames::end() {
  known_.for_each([](const Known& known) {
    ::free(known.name);
    py.Py_DecRef(reinterpret_cast<Object*>(known.key));  // NOLINT(performance-no-int-to-ptr)
  });
  known_.clear();
}

const char* CallNames::selected(Object* code, Object* globals) {
  if (const Known* const known = known_.find(reinterpret_cast<std::uint64_t>(code)))
    return known->name;
  const python::KeepException keep_exception;
  Ref name = attribute(code, "co_qualname");
  if (!name) name = attribute(code, "co_name");
  const Known* const kept = keep(decide(code, globals, name.get()));
  return kept == nullptr ? nullptr : kept->name;
}

/// Before 3.11 code does not know the class to which it belongs; its function does.
void CallNames::decide_functions() {
  const python::KeepException keep_exception;
  auto* const globals_of = python::symbol<GetGlobals>("PyFunction_GetGlobals");
  FunctionList functions;
  if (globals_of != nullptr) visit_tracked(FunctionList::visit, &functions);
  for (Object* function : functions.items) {
    Object* const code = py.PyFunction_GetCode(function);
    const Ref name = attribute(function, "__qualname__");
    if (known_.find(reinterpret_cast<std::uint64_t>(code)) == nullptr)
      keep(decide(code, globals_of(function), name.get()));
    py.Py_DecRef(function);
  }
}

CallNames::Known CallNames::decide(Object* code, Object* globals, Object* qualified) const {
  Known known{reinterpret_cast<std::uint64_t>(code)};
  if (globals == nullptr || qualified == nullptr) return known;
  const Ref short_name = attribute(code, "co_name");
  const auto own = python::text_of(short_name.get());
  if (own.length == 0 || own.bytes[0] == '<') return known;  // a module, a lambda, a comprehension
  const auto module = python::text_of(py.PyDict_GetItemString(globals, "__name__"));
  char* const name = python::full_name(module, python::text_of(qualified));
  if (name != nullptr && !starts_with(name, "mprofpp.door.") && matches(name)) {
    known.name = name;
  } else {
    ::free(name);
  }
  return known;
}

bool CallNames::matches(const char* name) const {
  constexpr char main_module[] = "__main__.";
  if (::fnmatch(pattern_, name, 0) == 0) return true;
  if (!starts_with(name, main_module)) return false;
  char* const other = python::full_name({"main", 4}, view_of(name + strlen(main_module)));
  const bool is_match = other != nullptr && ::fnmatch(pattern_, other, 0) == 0;
  ::free(other);
  return is_match;
}

/// A program that makes code all the time must not grow by it.
const CallNames::Known* CallNames::keep(const Known& known) {
  constexpr std::size_t most = 100'000;
  Known* const kept = known_.size() < most ? known_.put(known.key) : nullptr;
  if (kept == nullptr) {
    ::free(known.name);
    return nullptr;
  }
  py.Py_IncRef(reinterpret_cast<Object*>(known.key));  // NOLINT(performance-no-int-to-ptr)
  *kept = known;
  return kept;
}

}  // namespace mprofpp::agent::objects
