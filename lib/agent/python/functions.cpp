#include "python/functions.hpp"

#include <stdlib.h>
#include <string.h>

#include "mprofpp/wire/names.hpp"
#include "note.hpp"
#include "process.hpp"
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

/// A function's not by its attribute: the program's audit hooks would hear of that. Empty if it has
/// none.
Ref code_of(Object* function) {
  if (Object* const own = py.PyFunction_GetCode(function)) return Ref::to(own);
  py.PyErr_Clear();
  Ref code = attribute(function, "__code__");
  return is_code(code) ? static_cast<Ref&&>(code) : Ref();
}

/// A decorator's inner function has one code object for all that it decorates: then the function
/// is known by its name or by what it closes over.
bool may_share_code(Object* function, Object* code) {
  if (py.PyFunction_GetClosure(function) != nullptr) return true;
  py.PyErr_Clear();
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

enum class Decoration { watched, in_vain };

/// Once for each kind: should no mark ever come, the recorder can say more about it.
void note_decoration(Decoration decoration) {
  static constinit bool is_told[2] = {};
  if (is_told[static_cast<int>(decoration)]) return;
  is_told[static_cast<int>(decoration)] = true;
  leave_note(decoration == Decoration::watched ? wire::decorated_note : wire::undecorable_note);
}

char* name_of(Object* function) {
  const Ref module = attribute(function, "__module__");
  const Ref qualified = attribute(function, "__qualname__");
  return full_name(text_of(module.get()), text_of(qualified.get()));
}

bool mark_code_of(Object* function, const char* name) {
  Ref code = code_of(function);
  if (!code) return false;
  if (may_share_code(function, code.get())) code = own_code(function, code.get());
  Marked* const marked = select(code.get(), name);
  if (marked != nullptr) notice(code.get(), *marked);
  return marked != nullptr && marked->is_selected;
}

/// A function is wrapped where its code cannot be watched.
Ref mark_under(const char* name, Object* callable, const Ref& function) {
  const Way way = listen();
  if (way == Way::none) return Ref::to(callable);
  const bool is_wrapped = way == Way::wrapping;
  const bool has_code = static_cast<bool>(code_of(function.get()));
  Ref answer = is_wrapped && has_code ? wrap(callable, name) : Ref::to(callable);
  const bool is_marked = is_wrapped ? answer.get() != callable : mark_code_of(function.get(), name);
  note_decoration(is_marked ? Decoration::watched : Decoration::in_vain);
  return answer;
}

}  // namespace

Ref mark_function(Object* callable) {
  if (!process().is_recorded()) return Ref::to(callable);
  const Ref function = function_of(callable);
  char* const name = name_of(function.get());
  if (name == nullptr) return Ref::to(callable);
  Ref answer = mark_under(name, callable, function);
  ::free(name);
  return answer;
}

}  // namespace mprofpp::agent::python
