#include "python/generator_ends.hpp"

#include <string.h>

#include "python/activations.hpp"
#include "python/line_activations.hpp"
#include "python/object.hpp"

/// The interpreter closes a generator in its method `close` and, before it frees one, in its type's
/// finalizer. Both are entries in tables of the types, where we put our functions in front of the
/// interpreter's own. A weak reference would not do: its callback comes too early, before the
/// generator cleans up.

namespace mprofpp::agent::python {
namespace {

using Finalize = void(Object*);
using Close = Object*(Object*, Object*);

struct Kind {
  const char* type;
  const char* is_suspended;  ///< the name of an attribute
};
constexpr Kind kinds[] = {{"PyGen_Type", "gi_suspended"},
                          {"PyCoro_Type", "cr_suspended"},
                          {"PyAsyncGen_Type", "ag_suspended"}};

constinit Finalize* finalize_before[3] = {};
constinit Close* close_before[3] = {};
constinit Interpreter* home = nullptr;

/// Other interpreters have locks of their own, and none of their code is marked.
void end_if_closed(Object* generator, const Kind& kind) {
  const auto owner = owner_of(generator);
  const bool waits = is_waiting(owner) || are_lines_waiting(owner);
  if (py.current_interpreter() != home || !waits) return;
  const KeepException keep_exception;
  const Ref suspended = attribute(generator, kind.is_suspended);
  if (!suspended || py.PyObject_IsTrue(suspended.get()) != 0) return;
  abandon_lines(owner);
  abandon(owner);
}

template <int kind>
void finalize(Object* generator) {
  finalize_before[kind](generator);
  end_if_closed(generator, kinds[kind]);
}

template <int kind>
Object* close(Object* generator, Object* nothing) {
  Object* const answer = close_before[kind](generator, nothing);
  end_if_closed(generator, kinds[kind]);
  return answer;
}

TypeHead* type_of(const Kind& kind) {
  return static_cast<TypeHead*>(find_symbol(kind.type));
}

/// Returns null if the finalizer is not where it should be.
Finalize** finalizer_in(TypeHead* type) {
  if (type == nullptr) return nullptr;
  auto* const known = py.PyType_GetSlot(reinterpret_cast<Object*>(type), type_slot::finalize);
  return known != nullptr && known == reinterpret_cast<void*>(type->finalize) ? &type->finalize
                                                                              : nullptr;
}

/// Returns null if `close` is not where it should be.
Method* close_in(TypeHead* type) {
  const Ref found = attribute(reinterpret_cast<Object*>(type), "close");
  const Ref kind(found ? py.PyObject_Type(found.get()) : nullptr);
  if (!kind || kind.get() != find_symbol("PyMethodDescr_Type")) return nullptr;
  Method* const method = reinterpret_cast<MethodDescriptor*>(found.get())->method;
  const bool is_it = strcmp(method->name, "close") == 0 && method->flags == takes::nothing;
  return is_it ? method : nullptr;
}

template <int kind>
bool replace_finalizer() {
  auto** const finalizer = finalizer_in(type_of(kinds[kind]));
  if (finalizer == nullptr) return false;
  finalize_before[kind] = *finalizer;
  *finalizer = finalize<kind>;
  return true;
}

template <int kind>
bool replace_close() {
  Method* const method = close_in(type_of(kinds[kind]));
  if (method == nullptr) return false;
  close_before[kind] = reinterpret_cast<Close*>(method->function);
  method->function = reinterpret_cast<void*>(close<kind>);
  return true;
}

template <int kind>
void restore_finalizer() {
  auto* const type = type_of(kinds[kind]);
  if (type->finalize == finalize<kind>) type->finalize = finalize_before[kind];
}

template <int kind>
void restore_close() {
  Method* const method = close_in(type_of(kinds[kind]));
  const bool is_ours =
      method != nullptr && method->function == reinterpret_cast<void*>(close<kind>);
  if (is_ours) method->function = reinterpret_cast<void*>(close_before[kind]);
}

}  // namespace

bool closes_silently() {
  constexpr int repaired_313 = 10;
  constexpr int repaired_314 = 1;
  return (py.version == 313 && py.micro_version < repaired_313) ||
         (py.version == 314 && py.micro_version < repaired_314);
}

bool watches_generator_ends() {
  return home != nullptr;
}

void unwatch_generator_ends() {
  if (home == nullptr) return;
  restore_finalizer<0>();
  restore_finalizer<1>();
  restore_finalizer<2>();
  restore_close<0>();
  restore_close<1>();
  home = nullptr;
}

bool watch_generator_ends() {
  home = py.current_interpreter();
  // asynchronous generators are closed by exceptions that are thrown into them
  return replace_finalizer<0>() && replace_finalizer<1>() && replace_finalizer<2>() &&
         replace_close<0>() && replace_close<1>();
}

}  // namespace mprofpp::agent::python
