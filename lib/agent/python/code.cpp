#include "python/code.hpp"

#include <stdlib.h>
#include <string.h>

#include "python/nested.hpp"
#include "python/notes.hpp"
#include "python/selection.hpp"

namespace mprofpp::agent::python {
namespace {

/// Of code that is not selected nothing is kept.
constinit Marked not_selected{};

void release(void* note) {
  auto* marked = static_cast<Marked*>(note);
  if (marked == nullptr || marked == &not_selected) return;
  ::free(const_cast<char*>(marked->place.name));
  ::free(marked);
}

long flags_of(Object* code) {
  const Ref flags = attribute(code, "co_flags");
  return flags ? py.PyLong_AsLong(flags.get()) : 0;
}

Suspends suspends(Object* code) {
  using namespace code_flag;
  const long flags = flags_of(code);
  if ((flags & (coroutine | iterable_coroutine | async_generator)) != 0) {
    return Suspends::as_coroutine;
  }
  return (flags & generator) != 0 ? Suspends::as_generator : Suspends::never;
}

/// Not modules, bodies of classes, comprehensions and lambdas.
bool is_function(Object* code) {
  const Ref name = attribute(code, "co_name");
  const auto text = text_of(name.get());
  return text.length != 0 && text.bytes[0] != '<' && (flags_of(code) & code_flag::optimized) != 0;
}

bool is(wire::Span text, const char* other) {
  return text.length == strlen(other) && memcmp(text.bytes, other, text.length) == 0;
}

/// Takes the name over.
Marked* select_named(Object* code, char* name) {
  auto* marked = static_cast<Marked*>(::malloc(sizeof(Marked)));
  if (marked == nullptr) {
    ::free(name);
    return nullptr;
  }
  *marked = {{name, 0, 0, 0}, suspends(code), true, known(code) == &not_selected, false};
  if (keep_note(code, marked)) return marked;
  release(marked);
  return nullptr;
}

Marked* leave_out(Object* code) {
  keep_note(code, &not_selected);
  return &not_selected;
}

Marked* decide_named(Object* code, wire::Span module, wire::Span qualified) {
  char* name = is_function(code) ? full_name(module, qualified) : nullptr;
  if (name == nullptr || !is_wanted(name)) {
    ::free(name);
    return leave_out(code);
  }
  Marked* const marked = select_named(code, name);
  return marked != nullptr ? marked : &not_selected;
}

/// Those that a class body makes too: it knows their names and nobody else does.
void decide_nested(Object* code, wire::Span module) {
  for_each_nested(code, [&](Object* nested, Object* name) {
    if (known(nested) == nullptr) decide_named(nested, module, text_of(name));
    decide_nested(nested, module);
  });
}

Ref qualified_name(Object* code) {
  Ref name = attribute(code, "co_qualname");
  return name ? static_cast<Ref&&>(name) : attribute(code, "co_name");
}

}  // namespace

bool prepare_codes() {
  return prepare_notes(release);
}

Marked* known(Object* code) {
  return static_cast<Marked*>(note_of(code));
}

Marked* decide(Object* code, Object* globals) {
  const KeepException keep_exception;
  if (!is_tracing() || globals == nullptr) return leave_out(code);
  const auto module = text_of(py.PyDict_GetItemString(globals, "__name__"));
  decide_nested(code, module);
  const Ref name = qualified_name(code);
  return decide_named(code, module, text_of(name.get()));
}

Marked* select(Object* code, const char* name) {
  auto* const before = known(code);
  if (before != nullptr && before != &not_selected) return before;
  char* own = ::strdup(name);
  return own == nullptr ? nullptr : select_named(code, own);
}

char* full_name(wire::Span module, wire::Span qualified) {
  // what multiprocessing calls it in spawned processes
  if (is(module, "__mp_main__")) module = {"__main__", strlen("__main__")};
  const auto length = module.length + 1 + qualified.length;
  auto* name = static_cast<char*>(::malloc(length + 1));
  if (name == nullptr) return nullptr;
  memcpy(name, module.bytes, module.length);
  name[module.length] = '.';
  memcpy(name + module.length + 1, qualified.bytes, qualified.length);
  name[length] = '\0';
  return name;
}

}  // namespace mprofpp::agent::python
