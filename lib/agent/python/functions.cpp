#include "python/functions.hpp"

#include <stdlib.h>
#include <string.h>

#include "core/process.hpp"
#include "mprofpp/wire/names.hpp"
#include "python/code.hpp"
#include "python/code_copies.hpp"
#include "python/hooks.hpp"
#include "python/lines.hpp"
#include "python/wrapping.hpp"

namespace mprofpp::agent::python {
namespace {

bool are_equal(const Ref& left, const Ref& right) {
  const auto a = text_of(left.get());
  const auto b = text_of(right.get());
  return a.length == b.length && memcmp(a.bytes, b.bytes, a.length) == 0;
}

/// Returns the code of an object, empty if it has none. The code of a function is not read as an
/// attribute, because audit hooks of the program would be called for that.
Ref code_of(Object* function) {
  if (Object* const own = py.PyFunction_GetCode(function)) return Ref::to(own);
  py.PyErr_Clear();
  Ref code = attribute(function, "__code__");
  return code && is_code(code.get()) ? static_cast<Ref&&>(code) : Ref();
}

/// Returns true if other functions may have the same code. The functions that a decorator makes all
/// share the code of its inner function; such a function is recognised by its name or its closure.
bool may_share_code(Object* function, Object* code) {
  if (py.PyFunction_GetClosure(function) != nullptr) return true;
  py.PyErr_Clear();
  return !are_equal(attribute(function, "__name__"), attribute(code, "co_name"));
}

/// Returns whether all functions with that code have the name of that function. The functions that a
/// decorator makes have the names of those that it decorates.
Sharing sharing_of(Object* function, Object* code) {
  const bool is_qualified = py.version >= has_qualified_name;
  const Ref name = attribute(function, is_qualified ? "__qualname__" : "__name__");
  const Ref own = attribute(code, is_qualified ? "co_qualname" : "co_name");
  return are_equal(name, own) ? Sharing::same_name : Sharing::other_names;
}

/// Gives a function a code object of its own and returns that; the old one if it fails.
Ref own_code(Object* function, Object* code) {
  const OwnCopies own_copies;
  Ref copy(py.PyObject_CallMethod(code, "replace", ""));
  const bool is_set = copy && py.PyObject_SetAttrString(function, "__code__", copy.get()) == 0;
  if (is_set) return copy;
  py.PyErr_Clear();
  return Ref::to(code);
}

/// Returns the function in a staticmethod, classmethod or bound method; any other object itself.
Ref function_of(Object* callable) {
  Ref function = attribute(callable, "__func__");
  return function ? static_cast<Ref&&>(function) : Ref::to(callable);
}

enum class Decoration { watched, in_vain };

/// Leaves one note for each kind of decoration. If no mark ever comes, the recorder can then report
/// a reason.
void note_decoration(Decoration decoration) {
  static constinit bool is_noted[2] = {};
  if (is_noted[static_cast<int>(decoration)]) return;
  is_noted[static_cast<int>(decoration)] = true;
  process().leave_note(decoration == Decoration::watched ? wire::decorated_note
                                                         : wire::undecorable_note);
}

char* name_of(Object* function) {
  const Ref module = attribute(function, "__module__");
  const Ref qualified = attribute(function, "__qualname__");
  return full_name(text_of(module.get()), text_of(qualified.get()));
}

bool mark_code_of(Object* function, const char* name, int precision) {
  Ref code = code_of(function);
  if (!code) return false;
  if (may_share_code(function, code.get())) code = own_code(function, code.get());
  Marked* const marked = select(code.get(), name);
  if (marked != nullptr) count_lines(code.get(), *marked, precision);
  if (marked != nullptr) notice(code.get(), *marked);
  if (marked == nullptr || !marked->is_selected) return false;
  publish_code(code.get(), name, sharing_of(function, code.get()));
  return true;
}

/// Marks a function under that name. It is wrapped if its code cannot be watched.
Ref mark_under(const char* name, Object* callable, const Ref& function, int precision) {
  const Way way = listen();
  if (way == Way::none) return Ref::to(callable);
  const bool is_wrapped = way == Way::wrapping;
  const bool has_code = static_cast<bool>(code_of(function.get()));
  Ref answer = is_wrapped && has_code ? wrap(callable, name) : Ref::to(callable);
  const bool is_marked =
      is_wrapped ? answer.get() != callable : mark_code_of(function.get(), name, precision);
  note_decoration(is_marked ? Decoration::watched : Decoration::in_vain);
  return answer;
}

bool is_code_noticed(Object* function) {
  const Ref code = code_of(function);
  return code && is_noticed(code.get());
}

}  // namespace

void mark_by_code(Object* function) {
  if (!process().is_recorded() || is_code_noticed(function)) return;
  char* const name = name_of(function);
  if (name == nullptr) return;
  const bool is_marked = watches_code() && mark_code_of(function, name, no_precision);
  if (way_of_listening() != Way::none) {
    note_decoration(is_marked ? Decoration::watched : Decoration::in_vain);
  }
  ::free(name);
}

Ref mark_function(Object* callable, int precision) {
  if (!process().is_recorded()) return Ref::to(callable);
  const Ref function = function_of(callable);
  char* const name = name_of(function.get());
  if (name == nullptr) return Ref::to(callable);
  Ref answer = mark_under(name, callable, function, precision);
  ::free(name);
  return answer;
}

}  // namespace mprofpp::agent::python
