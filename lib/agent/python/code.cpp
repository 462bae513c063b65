#include "python/code.hpp"

#include <stdlib.h>
#include <string.h>

#include "python/code_extra.hpp"
#include "python/hooks.hpp"
#include "python/legacy_qualnames.hpp"
#include "python/lines.hpp"
#include "python/selection.hpp"

namespace mprofpp::agent::python {
namespace {

/// The answer for all code that is not selected, about which nothing else is stored.
constinit Marked not_selected{{},      Suspends::never,    false,   true,    false,  0,
                              nullptr, LineRole::function, nullptr, nullptr, nullptr};

/// Is stored with such code instead of an address: an odd number, which changes when all is forgotten.
constinit std::uintptr_t tag = 1;
constinit Marked* first = nullptr;  ///< of all code that has a Marked of its own

bool is_tag(const void* extra) {
  return (reinterpret_cast<std::uintptr_t>(extra) & 1) != 0;
}

void* current_tag() {
  return reinterpret_cast<void*>(tag);  // NOLINT(performance-no-int-to-ptr): not an address
}

void link(Marked& marked) {
  marked.next = first;
  if (first != nullptr) first->previous = &marked;
  first = &marked;
}

void unlink(const Marked& marked) {
  if (marked.next != nullptr) marked.next->previous = marked.previous;
  if (marked.previous != nullptr) marked.previous->next = marked.next;
  if (first == &marked) first = marked.next;
}

/// Frees what is stored with a code object. That of an earlier recording has no code, and stays: a call that
/// was running at its end still refers to it.
void release(void* extra) {
  auto* marked = static_cast<Marked*>(extra);
  if (marked == nullptr || is_tag(marked) || marked->code == nullptr) return;
  if (marked->lines != nullptr) forget_jump();
  unlink(*marked);
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

/// Returns false for modules, bodies of classes, comprehensions and lambdas.
bool is_function(Object* code) {
  const Ref name = attribute(code, "co_name");
  const auto text = text_of(name.get());
  return text.length != 0 && text.bytes[0] != '<' && (flags_of(code) & code_flag::optimized) != 0;
}

bool is(wire::TextView text, const char* other) {
  return text.length == strlen(other) && memcmp(text.bytes, other, text.length) == 0;
}

/// Takes ownership of the name.
Marked* select_named(Object* code, char* name) {
  Marked* const marked = own_marked_of(code);
  if (marked == nullptr) {
    ::free(name);
    return nullptr;
  }
  marked->place = {name, 0, 0, 0};
  marked->is_selected = true;
  marked->is_decided = true;
  return marked;
}

Marked* leave_out(Object* code) {
  if (Marked* const before = marked_of(code)) {
    before->is_decided = true;
    return before;
  }
  keep_extra(code, current_tag());
  return &not_selected;
}

Marked* decide_named(Object* code, wire::TextView module, wire::TextView qualified) {
  char* name = is_function(code) ? full_name(module, qualified) : nullptr;
  if (name == nullptr || !is_wanted(name)) {
    if (name != nullptr) note_unwanted(code, name);
    ::free(name);
    return leave_out(code);
  }
  Marked* const marked = select_named(code, name);
  if (marked == nullptr) return &not_selected;
  if (are_lines_wanted(name)) count_lines(code, *marked, no_precision);
  return marked;
}

/// Decides about the functions that `code` makes, and about those that they or class bodies make:
/// only the code that makes a function knows its name.
void decide_nested(Object* code, wire::TextView module) {
  for_each_nested(code, [&](Object* nested, Object* name) {
    const Marked* const marked = marked_of(nested);
    if (marked == nullptr || !marked->is_decided) decide_named(nested, module, text_of(name));
    decide_nested(nested, module);
  });
}

Ref qualified_name(Object* code) {
  Ref name = attribute(code, "co_qualname");
  return name ? static_cast<Ref&&>(name) : attribute(code, "co_name");
}

}  // namespace

bool prepare_codes() {
  static constinit bool is_prepared = false;
  if (!is_prepared) is_prepared = prepare_code_extra(release);
  return is_prepared;
}

void forget_codes(void leave(Object* code)) {
  const KeepException keep_exception;
  while (first != nullptr) {
    Marked& marked = *first;
    const Ref code = Ref::to(marked.code);
    if (marked.events != 0) leave(code.get());
    unlink(marked);
    marked.is_selected = false;
    marked.lines = nullptr;
    marked.code = nullptr;
    keep_extra(code.get(), current_tag());
  }
  tag += 2;
}

Marked* marked_of(Object* code) {
  void* const extra = extra_of(code);
  if (!is_tag(extra)) return static_cast<Marked*>(extra);
  return extra == current_tag() ? &not_selected : nullptr;
}

Marked* decide(Object* code, Object* globals) {
  const KeepException keep_exception;
  if (!is_tracing() || globals == nullptr) return leave_out(code);
  const auto module = text_of(py.PyDict_GetItemString(globals, "__name__"));
  decide_nested(code, module);
  const Ref name = qualified_name(code);
  return decide_named(code, module, text_of(name.get()));
}

Marked* own_marked_of(Object* code) {
  auto* const before = marked_of(code);
  if (before != nullptr && before != &not_selected) return before;
  auto* const marked = static_cast<Marked*>(::calloc(1, sizeof(Marked)));
  if (marked == nullptr) return nullptr;
  marked->suspends = suspends(code);
  marked->was_ignored = before != nullptr;
  if (!keep_extra(code, marked)) {
    ::free(marked);
    return nullptr;
  }
  marked->code = code;
  link(*marked);
  return marked;
}

void decide_within(Object* code, wire::TextView module) {
  if (!is_tracing() || py.version < has_qualified_name) return;
  const Marked* const marked = marked_of(code);
  if (marked != nullptr && marked->is_decided) return;
  const Ref name = qualified_name(code);
  decide_named(code, module, text_of(name.get()));
}

Marked* select(Object* code, const char* name) {
  auto* const before = marked_of(code);
  if (before != nullptr && before->is_selected) return before;
  char* own = ::strdup(name);
  return own == nullptr ? nullptr : select_named(code, own);
}

char* full_name(wire::TextView module, wire::TextView qualified) {
  // multiprocessing's name for the main module in spawned processes
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
