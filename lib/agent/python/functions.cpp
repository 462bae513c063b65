#include "python/functions.hpp"

#include <stdlib.h>
#include <string.h>

#include "python/code.hpp"
#include "python/hooks.hpp"
#include "python/wrapping.hpp"

namespace mprofpp::agent::python {
namespace {

bool are_equal(const Ref& left, const Ref& right) {
  const auto a = text_of(left.get());
  const auto b = text_of(right.get());
  return a.length == b.length && memcmp(a.bytes, b.bytes, a.length) == 0;
}

bool is_code(const Ref& object) {
  if (!object) return false;
  const Ref type(py.PyObject_Type(object.get()));
  return type.get() == py.type_of_code;
}

/// A decorator's inner function has one code object for all that it decorates: then the function
/// is known by its name or by what it closes over.
bool may_share_code(Object* function, Object* code) {
  const Ref closure = attribute(function, "__closure__");
  if (closure && closure.get() != py.none) return true;
  return !are_equal(attribute(function, "__name__"), attribute(code, "co_name"));
}

/// Gives a function a code object of its own.
Ref own_code(Object* function, Object* code) {
  Ref copy(py.PyObject_CallMethod(code, "replace", ""));
  const bool is_set = copy && py.PyObject_SetAttrString(function, "__code__", copy.get()) == 0;
  if (is_set) return copy;
  py.PyErr_Clear();
  return Ref::to(code);
}

/// The functions behind staticmethod and classmethod, and behind bound methods.
Ref function_of(Object* callable) {
  Ref function = attribute(callable, "__func__");
  return function ? static_cast<Ref&&>(function) : Ref::to(callable);
}

char* name_of(Object* function) {
  const Ref module = attribute(function, "__module__");
  const Ref qualified = attribute(function, "__qualname__");
  return full_name(text_of(module.get()), text_of(qualified.get()));
}

void mark_code_of(Object* function, const char* name) {
  Ref code = attribute(function, "__code__");
  if (!is_code(code)) return;
  if (may_share_code(function, code.get())) code = own_code(function, code.get());
  Marked* const marked = select(code.get(), name);
  if (marked != nullptr) notice(code.get(), *marked);
}

}  // namespace

Ref mark_function(Object* callable) {
  const Way way = listen();
  const Ref function = function_of(callable);
  char* const name = name_of(function.get());
  if (name == nullptr) return Ref::to(callable);
  const bool has_code = is_code(attribute(function.get(), "__code__"));
  Ref answer = way == Way::wrapping && has_code ? wrap(callable, name) : Ref::to(callable);
  if (way != Way::wrapping) mark_code_of(function.get(), name);
  ::free(name);
  return answer;
}

}  // namespace mprofpp::agent::python
